"""An authority of a test's own, and certificates by it for the loopback address."""

import datetime
import ipaddress
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    def __init__(self, folder, name):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = named(name)
        usage = x509.KeyUsage(
            key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False, key_encipherment=False,
            data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
        )
        constraint = x509.BasicConstraints(ca=True, path_length=None)
        certificate = valid(x509.CertificateBuilder(), self._name, self._name, self._key).add_extension(constraint, critical=True).add_extension(usage, critical=True)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(pem(certificate.sign(self._key, hashes.SHA256())))

    def context(self, folder):
        """For a server on 127.0.0.1."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")])
        certificate = valid(x509.CertificateBuilder(), named("127.0.0.1"), self._name, key).add_extension(names, critical=False)
        own = folder / "server.pem"
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        own.write_bytes(pem(certificate.sign(self._key, hashes.SHA256())) + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(own)
        return context


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def valid(builder, subject, issuer, key):
    now = datetime.datetime.now(datetime.UTC)
    return (
        builder.subject_name(subject).issuer_name(issuer).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(days=2))
    )


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)
