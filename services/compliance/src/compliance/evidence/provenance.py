"""The film's C2PA manifest: a copy of the film that says by itself how it was made. The released bytes stay.

The certificate is for this one pack: a key that nobody keeps, issued by the key that signs the pack.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from common.contracts.evidence import EvidenceArtifact
from common.contracts.values import ArtifactType, JsonObject, Origin
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from compliance.signing import Signer

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""The vocabulary's name, as C2PA writes it; nothing is fetched from there."""
_LEAF = timedelta(days=365)
_ROOT = timedelta(days=3650)
_EARLIER = timedelta(minutes=5)
"""A reader whose clock is a little behind must not find a certificate of the future."""


@dataclass(frozen=True)
class Claim:
    """What signs a film: `chain` is PEM, the leaf first, `root` its issuer alone."""

    leaf_key: bytes
    chain: str
    root: str


def claim_for(signer: Signer, *, now: datetime) -> Claim:
    """A certificate for one film, issued by the installation's key."""
    leaf = Ed25519PrivateKey.generate()
    issuer_key = Ed25519PublicKey.from_public_bytes(signer.public_key)
    identifier = x509.SubjectKeyIdentifier.from_public_key(issuer_key)
    root = signer.certify(
        _certificate("Greenlight evidence", issuer_key, now=now, lasts=_ROOT)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(_usage(issues=True), critical=True)
    )
    issued = signer.certify(
        _certificate("Greenlight film", leaf.public_key(), now=now, lasts=_LEAF)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(leaf.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
        .add_extension(_usage(issues=False), critical=True)
        # One of the two purposes that C2PA takes from a certificate that is on no list of its own.
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    )
    pem = root.public_bytes(Encoding.PEM).decode()
    return Claim(leaf.private_bytes_raw(), issued.public_bytes(Encoding.PEM).decode() + pem, pem)


def manifest_of(
    film: EvidenceArtifact, artifacts: Sequence[EvidenceArtifact], *, run_id: str, manifest_sha256: str | None
) -> JsonObject:
    """What the film says about itself: made by AI or by rules, from which parts, for which run."""
    # What is published is made by nobody's model, so its being real says nothing about the film.
    real = any(each.origin == Origin.REAL.value and each.type != ArtifactType.PUBLISHED_URL for each in artifacts)
    created = {
        "action": "c2pa.created",
        "digitalSourceType": SOURCE_TYPES + ("trainedAlgorithmicMedia" if real else "algorithmicMedia"),
        "softwareAgent": {"name": "Greenlight", "version": "0.1.0"},
    }
    parts = [
        {"sha256": each.ref.sha256, "type": each.type, "made_by": each.made_by, "origin": each.origin}
        for each in artifacts
        if each.ref.sha256 != film.ref.sha256
    ]
    evidence = {
        "run_id": run_id,
        "film_sha256": film.ref.sha256,
        "release_manifest_sha256": manifest_sha256,
        "parts": parts,
    }
    return {
        "claim_generator_info": [{"name": "Greenlight", "version": "0.1.0"}],
        "title": film.name,
        "format": film.ref.media_type,
        "assertions": [
            {"label": "c2pa.actions", "data": {"actions": [created]}},
            {"label": "greenlight.evidence", "data": evidence},
        ],
    }


def sign_film(source: Path, target: Path, manifest: JsonObject, claim: Claim) -> None:
    """Write a copy of the film with the manifest in it. For another process: it loads a large library, and blocks."""
    import c2pa

    key = Ed25519PrivateKey.from_private_bytes(claim.leaf_key)
    # Without the address of a time stamping service nothing is asked on the network.
    with (
        c2pa.Signer.from_callback(key.sign, c2pa.C2paSigningAlg.ED25519, claim.chain, None) as signer,
        c2pa.Builder(json.dumps(manifest)) as builder,
        source.open("rb") as film,
        target.open("w+b") as copy,
    ):
        builder.sign(signer, str(manifest["format"]), film, copy)


def _certificate(name: str, key: Ed25519PublicKey, *, now: datetime, lasts: timedelta) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name("Greenlight evidence"))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + lasts)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Greenlight"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )
