//! RSA 2048 key pairs that every SSH client can read.
//!
//! Searching for primes would stop a browser for a second, so the primes come from a list that everybody can read:
//! these keys open nothing and must protect nothing. The cloud they belong to has no machines behind it.

use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest, Md5};

const PRIMES: &str = include_str!("primes.txt");
const E: u64 = 65_537;

/// Unsigned number, least significant 32 bits first, without leading zeros.
type Big = Vec<u32>;

/// A key pair as Nova answers it.
pub(super) struct Pair {
    pub(super) private_key: String,
    pub(super) public_key: String,
}

fn trimmed(mut n: Big) -> Big {
    while n.last() == Some(&0) {
        n.pop();
    }
    n
}

fn from_hex(text: &str) -> Big {
    let digits: Vec<u8> = text
        .bytes()
        .filter_map(|b| (b as char).to_digit(16))
        .map(|d| d as u8)
        .collect();
    trimmed(
        digits
            .rchunks(8)
            .map(|chunk| chunk.iter().fold(0_u32, |n, d| n << 4 | u32::from(*d)))
            .collect(),
    )
}

fn bytes(n: &Big) -> Vec<u8> {
    let all: Vec<u8> = n.iter().rev().flat_map(|limb| limb.to_be_bytes()).collect();
    let zeros = all.iter().take_while(|b| **b == 0).count();
    all.into_iter().skip(zeros).collect()
}

fn times(a: &Big, b: &Big) -> Big {
    let mut out = vec![0_u32; a.len() + b.len()];
    for (i, x) in a.iter().enumerate() {
        let mut carry = 0_u64;
        for (j, y) in b.iter().chain(std::iter::once(&0)).enumerate() {
            let Some(slot) = out.get_mut(i + j) else {
                continue;
            };
            let sum = u64::from(*slot) + u64::from(*x) * u64::from(*y) + carry;
            *slot = sum as u32;
            carry = sum >> 32;
        }
    }
    trimmed(out)
}

fn plus(a: &Big, b: &Big) -> Big {
    let mut carry = 0_u64;
    let mut out = Vec::with_capacity(a.len().max(b.len()) + 1);
    for i in 0..=a.len().max(b.len()) {
        let sum = u64::from(a.get(i).copied().unwrap_or(0))
            + u64::from(b.get(i).copied().unwrap_or(0))
            + carry;
        out.push(sum as u32);
        carry = sum >> 32;
    }
    trimmed(out)
}

/// `a - b`; `a` must not be the smaller.
fn minus(a: &Big, b: &Big) -> Big {
    let mut borrow = 0_i64;
    let limbs = a.iter().enumerate().map(|(i, x)| {
        let n = i64::from(*x) - i64::from(b.get(i).copied().unwrap_or(0)) - borrow;
        borrow = i64::from(n < 0);
        n as u32
    });
    trimmed(limbs.collect())
}

fn less(a: &Big, b: &Big) -> bool {
    a.len() < b.len() || a.len() == b.len() && a.iter().rev().lt(b.iter().rev())
}

fn half(n: &Big) -> Big {
    let limbs = (0..n.len()).map(|i| n[i] >> 1 | n.get(i + 1).map_or(0, |next| next << 31));
    trimmed(limbs.collect())
}

/// Quotient and remainder by a small number.
fn divided(n: &Big, by: u64) -> (Big, u64) {
    let mut rest = 0_u64;
    let mut limbs: Big = n
        .iter()
        .rev()
        .map(|limb| {
            let part = rest << 32 | u64::from(*limb);
            rest = part % by;
            (part / by) as u32
        })
        .collect();
    limbs.reverse();
    (trimmed(limbs), rest)
}

/// `E^-1 mod m`: the one multiple of m that is -1 modulo E, plus one, divided by E.
fn inverse_of_e(m: &Big) -> Big {
    let (_, rest) = divided(m, E);
    let k = (1..E).find(|k| (k * rest + 1) % E == 0).unwrap_or(1);
    divided(&plus(&times(m, &vec![k as u32]), &vec![1]), E).0
}

/// `a^-1 mod p` for an odd prime p and 0 < a < p, by halving.
fn inverse(a: &Big, p: &Big) -> Big {
    let (mut u, mut v) = (a.clone(), p.clone());
    let (mut x, mut y): (Big, Big) = (vec![1], Vec::new());
    let even = |n: &Big| n.first().is_none_or(|limb| limb & 1 == 0);
    let halved = |n: &Big| if even(n) { half(n) } else { half(&plus(n, p)) };
    while u != [1] && v != [1] {
        while even(&u) {
            u = half(&u);
            x = halved(&x);
        }
        while even(&v) {
            v = half(&v);
            y = halved(&y);
        }
        let (big, small) = if less(&u, &v) {
            ((&mut v, &mut y), (&u, &x))
        } else {
            ((&mut u, &mut x), (&v, &y))
        };
        *big.0 = minus(big.0, small.0);
        *big.1 = if less(big.1, small.1) {
            minus(&plus(big.1, p), small.1)
        } else {
            minus(big.1, small.1)
        };
    }
    if u == [1] { x } else { y }
}

/// The key pair of the `number`th pair of primes.
pub(super) fn pair(number: u64) -> Pair {
    let primes: Vec<Big> = PRIMES.lines().map(from_hex).collect();
    let count = primes.len().max(2) as u64;
    let first = (number % count) as usize;
    let second = (first + 1 + (number / count % (count - 1)) as usize) % count as usize;
    let empty = Big::new();
    let (a, b) = (
        primes.get(first).unwrap_or(&empty),
        primes.get(second).unwrap_or(&empty),
    );
    let (p, q) = if less(a, b) { (b, a) } else { (a, b) };
    let one = vec![1];
    let n = times(p, q);
    let (p1, q1) = (minus(p, &one), minus(q, &one));
    let d = inverse_of_e(&times(&p1, &q1));
    let e: Big = vec![E as u32];
    let parts = [
        Big::new(),
        n.clone(),
        e.clone(),
        d,
        p.clone(),
        q.clone(),
        inverse_of_e(&p1),
        inverse_of_e(&q1),
        inverse(q, p),
    ];
    let body: Vec<u8> = parts
        .iter()
        .flat_map(|part| tagged(2, positive(part)))
        .collect();
    let text = STANDARD.encode(tagged(0x30, body));
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    let mut blob = Vec::new();
    for part in [b"ssh-rsa".to_vec(), positive(&e), positive(&n)] {
        blob.extend(u32::try_from(part.len()).unwrap_or(0).to_be_bytes());
        blob.extend(part);
    }
    Pair {
        private_key: format!(
            "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n",
            lines.join("\n")
        ),
        public_key: format!("ssh-rsa {} Generated-by-Nova", STANDARD.encode(blob)),
    }
}

/// Two's complement bytes of a positive number.
fn positive(n: &Big) -> Vec<u8> {
    let mut all = bytes(n);
    if all.first().is_none_or(|b| b & 0x80 != 0) {
        all.insert(0, 0);
    }
    all
}

/// DER: tag, length, content.
fn tagged(tag: u8, content: Vec<u8>) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..128 => out.push(short as u8),
        long @ 128..256 => out.extend([0x81, long as u8]),
        long => out.extend([0x82, (long >> 8) as u8, long as u8]),
    }
    out.extend(content);
    out
}

/// The MD5 fingerprint of an OpenSSH public key; `None` if the text is none.
pub(super) fn fingerprint(public_key: &str) -> Option<String> {
    let mut words = public_key.split_whitespace();
    let kind = words.next()?;
    let blob = STANDARD.decode(words.next()?).ok()?;
    let length = u32::from_be_bytes(blob.get(..4)?.try_into().ok()?) as usize;
    if blob.get(4..4 + length)? != kind.as_bytes() {
        return None;
    }
    let hex: Vec<String> = Md5::digest(&blob)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Some(hex.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_key_fit_together() {
        let primes: Vec<Big> = PRIMES.lines().map(from_hex).collect();
        let one = vec![1];
        for pair in primes.windows(2) {
            let (p, q) = if less(&pair[0], &pair[1]) {
                (&pair[1], &pair[0])
            } else {
                (&pair[0], &pair[1])
            };
            let modulus = minus(p, &one);
            let product = times(&inverse_of_e(&modulus), &vec![E as u32]);
            assert_eq!(remainder(&product, &modulus), one);
            assert_eq!(remainder(&times(&inverse(q, p), q), p), one);
        }
    }

    /// Long division by shifting, plain enough to be trusted.
    fn remainder(n: &Big, by: &Big) -> Big {
        let mut rest = Big::new();
        for bit in (0..n.len() * 32).rev() {
            rest = plus(&rest, &rest);
            if n[bit / 32] >> (bit % 32) & 1 == 1 {
                rest = plus(&rest, &vec![1]);
            }
            if !less(&rest, by) {
                rest = minus(&rest, by);
            }
        }
        rest
    }

    #[test]
    fn pairs_differ_and_have_fingerprints() {
        let keys: std::collections::BTreeSet<String> =
            (0..100).map(|n| pair(n).public_key).collect();
        assert_eq!(keys.len(), 100);
        assert!(
            keys.iter()
                .all(|key| fingerprint(key).is_some_and(|print| print.len() == 47))
        );
        assert_eq!(fingerprint("ssh-rsa nonsense"), None);
    }
}
