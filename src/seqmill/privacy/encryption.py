"""Parquet modular encryption: AES-GCM over data and footer, keys of files wrapped by the project's key."""

import base64
import os
from typing import TYPE_CHECKING

from seqmill.errors import InputError
from seqmill.privacy.keys import Key, find_key

if TYPE_CHECKING:
    import pyarrow.parquet.encryption as pe

_MAGIC = b"PARE"
_NONCE = 12


def encryption(key: Key) -> "pe.FileEncryptionProperties":
    """Give what a Parquet writer needs to encrypt one file: all columns and the footer, AES-256-GCM.

    The file has a random key of its own; the project's key wraps it, and stands nowhere.
    """
    import pyarrow.parquet.encryption as pe

    settings = pe.EncryptionConfiguration(
        footer_key=key.name,
        uniform_encryption=True,
        encryption_algorithm="AES_GCM_V1",
        double_wrapping=False,
        data_key_length_bits=256,
    )
    return _factory(key, "").file_encryption_properties(pe.KmsConnectionConfig(), settings)


def is_encrypted(path: str | os.PathLike[str]) -> bool:
    """Say whether a file is Parquet with an encrypted footer, by its first bytes."""
    try:
        with open(path, "rb") as handle:
            return handle.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def decryption(path: str | os.PathLike[str]) -> "pe.FileDecryptionProperties | None":
    """Give what a Parquet reader needs for a file; None where it is not encrypted.

    Raises
    ------
    InputError
        When it is, and no key is given; with the wrong one, opening the file raises it.
    """
    if not is_encrypted(path):
        return None
    import pyarrow.parquet.encryption as pe

    try:
        key = find_key()
    except InputError as error:
        raise InputError(f"{path}: it is encrypted, and there is no key to read it ({error})") from None
    return _factory(key, str(path)).file_decryption_properties(pe.KmsConnectionConfig())


def _factory(key: Key, path: str) -> "pe.CryptoFactory":
    import pyarrow.parquet.encryption as pe
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher = AESGCM(key.derived("encryption"))

    class Wrapping(pe.KmsClient):
        """Wraps the keys of files by AES-256-GCM, bound to the name of the project's key."""

        def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
            nonce = os.urandom(_NONCE)
            wrapped = cipher.encrypt(nonce, key_bytes, master_key_identifier.encode())
            return base64.b64encode(nonce + wrapped)

        def unwrap_key(self, wrapped_key: bytes, master_key_identifier: str) -> bytes:
            found = base64.b64decode(wrapped_key)
            try:
                return cipher.decrypt(found[:_NONCE], found[_NONCE:], master_key_identifier.encode())
            except InvalidTag:
                raise InputError(
                    f"{path}: encrypted under key {master_key_identifier}, but key {key.name} was given; "
                    "give the key that the dataset was made with"
                ) from None

    return pe.CryptoFactory(lambda _: Wrapping())
