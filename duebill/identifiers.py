"""Who a party is in law: LEI, USCC and national identifiers, checked and in one written form.

```python
from duebill.identifiers import Identifier

who = Identifier.parse("lei:9845 00AU RM0T 0RAG 2644")
who.keyed_hash(key)  # what a registrar puts on the chain
```

The check digits and forms are those of python-stdnum, which is read when the first identifier is.
docs/parties.md says how the keyed hash is made; its vectors are in
tests/vectors/party-identifiers.json.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

from duebill.documents import reference_hash
from duebill.errors import (
    BadIdentifier,
    CheckDigitWrong,
    IdentifierLengthWrong,
    UnknownScheme,
)

if TYPE_CHECKING:
    from duebill.model import InvoiceParty

__all__ = ["SCHEMES", "Identifier", "identifier_of"]

# Everywhere, in China, for VAT in the European Union.
_OWN_NAMES = {"lei": "lei", "uscc": "cn.uscc", "vat": "eu.vat"}

_NATIONAL = """
ad-nrt al-nipt ar-cuit at-businessid at-uid au-abn au-acn az-voen be-vat br-cnpj by-unp ca-bn ch-uid
cl-rut co-nit cr-cpj dk-cvr do-rnc dz-nif ec-ruc ee-registrikood eg-tn es-cif es-nif fi-ytunnus fo-vn
fr-siren fr-siret gb-utr gb-vat gh-tin gn-nifp gt-nit hr-oib id-npwp il-hp in-gstin in-pan
is-kennitala it-iva jp-cn ke-pin kr-brn li-peid ma-ice mc-tva md-idno me-pib mk-edb mx-rfc mz-nuit
nl-btw no-orgnr nz-ird pe-ruc pl-nip pl-regon pt-nif py-ruc ro-cui ro-onrc rs-pib ru-inn ru-ogrn
se-orgnr sg-uen si-ddv si-maticna sm-coe sn-ninea sv-nit th-moa th-tin tn-mf tr-vkn tw-ubn ua-edrpou
us-ein uy-rut ve-rif vn-mst za-tin
"""
SCHEMES = frozenset({*_OWN_NAMES, *_NATIONAL.split()})
"""The schemes: `lei`, `uscc`, `vat`, and a country with python-stdnum's name for its number."""

# How invoices name schemes: ISO 6523 codes, and VA for a tax registration.
_ON_INVOICES = {
    "0002": "fr-siren",
    "0007": "se-orgnr",
    "0009": "fr-siret",
    "0151": "au-abn",
    "0183": "ch-uid",
    "0184": "dk-cvr",
    "0188": "jp-cn",
    "0191": "ee-registrikood",
    "0192": "no-orgnr",
    "0195": "sg-uen",
    "0196": "is-kennitala",
    "0199": "lei",
    "0208": "be-vat",
    "0211": "it-iva",
    "0212": "fi-ytunnus",
    "VA": "vat",
}
# Schemes that are told by their length alone; both have check characters.
_BY_LENGTH = {20: "lei", 18: "uscc"}
_LEI_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Identifier:
    """A legal identifier, checked; however it was typed, it is kept in one form.

    Attributes:
        scheme: Who issues such identifiers; one of `SCHEMES`.
        value: The identifier in its scheme's compact form.

    Raises:
        UnknownScheme: There is no such scheme.
        BadIdentifier: The value is none of the scheme; the subclass says why.
    """

    scheme: str
    value: str

    def __post_init__(self) -> None:
        scheme = self.scheme.strip().lower()
        object.__setattr__(self, "scheme", scheme)
        object.__setattr__(self, "value", _checked(scheme, self.value))

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `scheme:value`; an LEI and a USCC may stand alone.

        Raises:
            UnknownScheme: It names no known scheme, or none where one is needed.
            BadIdentifier: As for `Identifier`.
        """
        scheme, colon, value = unicodedata.normalize("NFKC", text).partition(":")
        if colon:
            return cls(scheme, value)
        bare = "".join(each for each in scheme if each.isalnum())
        if len(bare) not in _BY_LENGTH:
            raise UnknownScheme("", known=SCHEMES)
        return cls(_BY_LENGTH[len(bare)], bare)

    def keyed_hash(self, key: bytes) -> str:
        """What stands for it on the chain, under the registrar's key of 32 bytes.

        Its scheme is hashed along: the same digits of two schemes are two parties.

        Raises:
            BadKey: The key is not 32 bytes.
        """
        return reference_hash(str(self), key=key)


def identifier_of(party: InvoiceParty) -> Identifier:
    """The identifier of an invoice's seller or buyer.

    Raises:
        UnknownScheme: It has none, or one of a scheme that is not known here.
        BadIdentifier: As for `Identifier`.
    """
    if party.scheme is None:
        return Identifier.parse(party.id or "")
    return Identifier(_ON_INVOICES.get(party.scheme, party.scheme), party.id or "")


def _checked(scheme: str, value: str) -> str:
    if scheme not in SCHEMES:
        raise UnknownScheme(scheme, known=SCHEMES)
    # Has a module for each country: not before an identifier is read.
    from stdnum import exceptions  # noqa: PLC0415

    typed = "".join(unicodedata.normalize("NFKC", value).split())
    # The library looks at an LEI's check digits alone, which a shorter text can have as well.
    if scheme == "lei" and sum(each.isalnum() for each in typed) != _LEI_LENGTH:
        raise IdentifierLengthWrong(scheme, value)
    try:
        found: str = _rules(scheme).validate(typed)
    except exceptions.InvalidLength as error:
        raise IdentifierLengthWrong(scheme, value) from error
    except exceptions.InvalidChecksum as error:
        raise CheckDigitWrong(scheme, value) from error
    except exceptions.ValidationError as error:
        raise BadIdentifier(scheme, value) from error
    return found


def _rules(scheme: str) -> Any:
    if scheme in _OWN_NAMES:
        return import_module(f"stdnum.{_OWN_NAMES[scheme]}")
    country, _, name = scheme.partition("-")
    # Python does not let a module be called "in" or "is".
    package = f"{country}_" if country in {"in", "is"} else country
    return import_module(f"stdnum.{package}.{name}")
