"""A PKCS#11 token of SoftHSM2 with one secp256k1 key on it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from coincurve import PrivateKey
from vectors import KEY, OTHER_KEY

PIN = "canary-pin-4711"
TOKEN, LABEL, ID = "duebill-test", "treasury", b"\x01\x02"
MISSING = "SoftHSM2 is not installed (Debian: apt-get install softhsm2)"

_PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


def library():
    """The path of its library; None if it is not installed."""
    found = next((place for place in _PLACES if Path(place).exists()), None)
    return found if shutil.which("softhsm2-util") else None


def made(folder):
    """Make a token in a folder; what loads the library afterwards sees it."""
    import pkcs11  # noqa: PLC0415 - an optional part

    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    words = f"--init-token --free --label {TOKEN} --so-pin 87654321 --pin {PIN}"
    subprocess.run(["softhsm2-util", *words.split()], check=True, capture_output=True)
    token = pkcs11.lib(library()).get_token(token_label=TOKEN)
    with token.open(rw=True, user_pin=PIN) as session:
        _put(session, LABEL, ID, key=KEY)
        _put(session, "other", b"\x03", key=OTHER_KEY)
        _put(session, "mismatched", b"\x05", key=KEY, public=OTHER_KEY)
        _generate(session, "another curve", b"\x04", "secp256r1")
    return library()


def _put(session, label, id_, *, key, public=None):
    from pkcs11 import Attribute, KeyType, ObjectClass  # noqa: PLC0415 - an optional part
    from pkcs11.util.ec import encode_named_curve_parameters  # noqa: PLC0415

    shared = {
        Attribute.KEY_TYPE: KeyType.EC,
        Attribute.TOKEN: True,
        Attribute.LABEL: label,
        Attribute.ID: id_,
        Attribute.EC_PARAMS: encode_named_curve_parameters("secp256k1"),
    }
    point = PrivateKey.from_hex(public or key).public_key.format(compressed=False)
    session.create_object(
        {
            **shared,
            Attribute.CLASS: ObjectClass.PRIVATE_KEY,
            Attribute.VALUE: bytes.fromhex(key),
            Attribute.SIGN: True,
            Attribute.SENSITIVE: True,
            Attribute.EXTRACTABLE: False,
        }
    )
    session.create_object(
        {
            **shared,
            Attribute.CLASS: ObjectClass.PUBLIC_KEY,
            Attribute.EC_POINT: b"\x04\x41" + point,
            Attribute.VERIFY: True,
            Attribute.PRIVATE: False,
        }
    )


def _generate(session, label, id_, curve):
    from pkcs11 import Attribute, KeyType  # noqa: PLC0415 - an optional part
    from pkcs11.util.ec import encode_named_curve_parameters  # noqa: PLC0415

    parameters = session.create_domain_parameters(
        KeyType.EC, {Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}, local=True
    )
    parameters.generate_keypair(store=True, label=label, id=id_)
