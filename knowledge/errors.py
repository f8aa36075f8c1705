"""Every error this product raises on purpose.

CdsbotError
├── Rejected          a file that cannot become a document; the reason is for a civil servant
├── IndexMissing      no index has been built yet in this data folder
├── IndexDamaged      a file of the index differs from its manifest
├── ModelMissing      the configured encoder cannot be loaded
├── ModelMismatch     the index was built with another encoder
├── DocumentUnknown   no document of that name in the index
├── NothingToIndex    a reindex found no readable document
├── LibraryShrinks    a reindex would drop more than a third of the library, and nobody agreed to it
├── StorageFailed     the disk is full or refuses to write
├── ReindexFailed     a reindex could not be finished for another reason, such as too little memory
├── AlreadyRunning    another process holds the lock
├── ArchiveRefused    a backup that is not whole, or a place for it that is not empty
├── TableUnreadable   the maintainers' abbreviations cannot be read
└── SettingsInvalid   a setting cannot be used as it stands
"""


class CdsbotError(Exception):
    """The message says what is wrong, where, and what to do; the CLI prints it as it is."""


_REASONS: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, "không có tệp hay thư mục này"),
    (IsADirectoryError, "đây là thư mục, không phải tệp"),
    (NotADirectoryError, "đây là tệp, không phải thư mục"),
    (PermissionError, "không có quyền đọc hoặc ghi"),
)


def reason(error: OSError) -> str:
    """What the system says of a file, in Vietnamese where it is a usual thing."""
    known = next((said for kind, said in _REASONS if isinstance(error, kind)), "")
    return known or error.strerror or str(error)


class Rejected(CdsbotError):
    """A file that cannot become a document. The message is a Vietnamese reason."""


class IndexMissing(CdsbotError): ...


class IndexDamaged(CdsbotError): ...


class ModelMissing(CdsbotError): ...


class ModelMismatch(CdsbotError): ...


class DocumentUnknown(CdsbotError): ...


class NothingToIndex(CdsbotError): ...


class LibraryShrinks(CdsbotError): ...


class StorageFailed(CdsbotError): ...


class ReindexFailed(CdsbotError): ...


class AlreadyRunning(CdsbotError): ...


class ArchiveRefused(CdsbotError): ...


class TableUnreadable(CdsbotError): ...


class SettingsInvalid(CdsbotError): ...
