"""Signs invented mail (DKIM) with keys that are good for nothing else, and answers for their domain's name servers."""

import base64
import hashlib

import dkim
from dkim.canonicalization import CanonicalizationPolicy

E = 65537


class Key:
    """An RSA key of two fixed primes."""

    def __init__(self, p, q):
        self.modulus = p * q
        d = pow(E, -1, (p - 1) * (q - 1))
        self.private = {
            "modulus": self.modulus,
            "publicExponent": E,
            "privateExponent": d,
            "prime1": p,
            "prime2": q,
            "exponent1": d % (p - 1),
            "exponent2": d % (q - 1),
            "coefficient": pow(q, -1, p),
        }

    @property
    def record(self):
        """The key as its domain publishes it."""
        public = _der(0x30, _integer(self.modulus) + _integer(E))
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def _integer(number):
    return _der(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _der(tag, content):
    length = len(content)
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    head = bytes([length]) if length < 128 else bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + head + content


GOOD_KEY = Key(
    0xCF7CF9F48EDDDAFCABEEF2FAF13574FA5B3DB2C1CB246E5A9FC9742270F2A900B57C08D2068D30DCC5E7E84160883FD5B72FC86434608C36E71CC63C2299F2ED,
    0xC02C952E94FE2A0EEF81995B31F5626831748B05EEA0A55742B46C6F40BC99D95B5708643B7CA9940E93702F174D3A440E887A4EFB2E29F76613494416B62465,
)
WEAK_KEY = Key(
    0xE4A9A4A71CDC0988FB0F6C467C6D4F5C3AD8EFE8BB8BF300606710F122FAD093,
    0xE3212159039DF0596BD4378E5D6A31179F67258E23843DFAB32202DAFB4CF84D,
)


def signed(raw, *, domain, selector="s1", key=GOOD_KEY, covering=("from", "subject"), **tags):
    """Return a mail with a signature on top; *tags* are those that the signer adds, such as x."""
    signer = dkim.DKIM(raw)
    signer.hasher = hashlib.sha256
    policy = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
    body = hashlib.sha256(policy.canonicalize_body(signer.body)).digest()
    fields = {"v": "1", "a": "rsa-sha256", "c": "relaxed/relaxed", "d": domain, "s": selector, **tags}
    fields |= {"h": ":".join(covering), "bh": base64.b64encode(body).decode(), "b": "0" * 60}
    pairs = [(name.encode(), value.encode()) for name, value in fields.items()]
    names = [name.encode() for name in covering]
    return b"DKIM-Signature: " + signer.gen_header(pairs, names, policy, b"DKIM-Signature", key.private) + raw


def keys_of(records):
    """Return a lookup that knows these names only."""
    return records.get
