"""What must differ between two clouds (ids, times, addresses) replaced by words that say what it was."""

import re

PATTERNS = [
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?"), "time"),
    (re.compile(r"(?:[0-9a-f]{2}:){15}[0-9a-f]{2}"), "<fingerprint>"),
    (re.compile(r"\bfa:16:3e(?::[0-9a-f]{2}){3}\b"), "<mac>"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"\b[0-9a-f]{128}\b"), "<sha512>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hex64>"),
    (re.compile(r"\b[0-9a-f]{56}\b"), "<host id>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<hex>"),
    (re.compile(r"\br-[0-9a-z]{8}\b"), "<reservation>"),
    (re.compile(r"gAAAA[\w=-]+"), "<token>"),
    (re.compile(r"-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----\n?"), "<private key>"),
    (re.compile(r"ssh-rsa [\w+/=]{100,}"), "<public key>"),
]
IPV4 = re.compile(r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b")
IPV6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{1,4}:+){2,}[0-9a-f:]*(?![\w:])")


HOST = re.compile(r"\bhost-[0-9a-f]+(?:-[0-9a-f]+){3,7}\b")
# Python's sets have another order in each process, and some of their words show it.
ONE_OF = re.compile(r"(?<= is not one of \[)[^\]]+(?=\])")
UNORDERED = ("methods",)
# Which of the two is met depends on the moment.
SNAPSHOT = re.compile(r"(?<=task_state )image_snapshot_pending\b")
# Counters of the services' own, and what is made up by chance: only its type is compared.
LOOSE = ("revision_number", "standard_attr_id", "adminPass", "audit_ids", "secret")


class Normal:
    """Replaces in one cloud's answers to one sequence."""

    def __init__(self, endpoints, project, known, literal):
        self.literal = literal
        self.addresses = set(IPV4.findall(literal)) | set(IPV6.findall(literal))
        self.replacements = []
        for service, url in endpoints.items():
            url = url.removesuffix(f"/{project}")
            self.replacements.append((url, f"<{service}>"))
            root = re.sub(r"/v[\d.]+$", "", url)
            if root != url:
                self.replacements.append((root, f"<{service} root>"))
        self.replacements = [
            (text, word) for text, word in self.replacements if word.split()[0].strip("<>") in
            ("identity", "compute", "network", "block-storage", "image")
        ]
        self.replacements.sort(key=lambda one: -len(one[0]))
        self.known, self.short = {}, {}
        for name, value in known.items():
            usable = isinstance(value, str) and value and not name.startswith("time.")
            if usable and not IPV4.fullmatch(value):
                # A short id may be part of anything; it is replaced only where it is the whole id.
                kept = self.known if len(value) > 7 else self.short
                kept.setdefault(value, f"${{{name}}}")
        words = sorted((re.escape(text) for text in self.known), key=len, reverse=True)
        self.words = re.compile(r"(?<![\w-])(?:%s)(?![\w-])" % "|".join(words)) if words else None

    def text(self, text):
        if text in self.known:
            return self.known[text]
        for url, word in self.replacements:
            text = text.replace(url, word)
        if self.words:
            text = self.words.sub(lambda found: self.known[found.group()], text)
        text = re.sub(r"(?<=/flavors/)\w+\b(?![-/])", lambda found: self.short.get(found.group(), found.group()), text)
        text = re.sub(r"(?<='flavorRef': ')\w+(?=')", lambda found: self.short.get(found.group(), found.group()), text)
        for pattern, word in PATTERNS:
            if word == "time":
                text = pattern.sub(self.time, text)
            else:
                text = pattern.sub(word, text)
        text = HOST.sub("host-<ip>", text)
        text = ONE_OF.sub(lambda found: ", ".join(sorted(found.group().split(", "))), text)
        text = SNAPSHOT.sub("image_snapshot", text)
        for pattern in (IPV4, IPV6):
            text = pattern.sub(lambda found: found.group() if found.group() in self.addresses else "<ip>", text)
        return text

    def time(self, found):
        if found.group() in self.literal:
            return found.group()
        digits = f".{len(found.group(1)) - 1}" if found.group(1) else ""
        return f"<time{digits}{found.group(2) or ''}>"

    def value(self, value, key=None):
        if key in LOOSE and not isinstance(value, list):
            return f"<{type(value).__name__}>"
        if isinstance(value, str):
            if value in self.short and key in ("id", "name", "volume_type", "flavor_id"):
                return self.short[value]
            return self.text(value)
        if isinstance(value, list):
            values = [self.value(one, key) for one in value]
            return sorted(values) if key in UNORDERED else values
        if isinstance(value, dict):
            return {self.text(name): self.value(one, name) for name, one in value.items()}
        return value
