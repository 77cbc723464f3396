"""The table of diagnostic codes: what each means, and how severe it is.

A code names the problem (``link-target-missing``). The docs print this table, and a test checks that each code is used
and has an example.
"""

from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct


class Severity(StrEnum):
    """How severe a diagnostic is.

    An error prevents the book; a warning reports something lost or doubtful, and prevents the book only with
    ``--strict``; a note reports what chapbook did on purpose (left out a draft) and prevents nothing.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(Struct, frozen=True):
    """One row of the table."""

    severity: Severity
    meaning: str


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

CODES = MappingProxyType(
    {
        # Reading files
        "source-missing": Code(_E, "the source doesn't exist, or is neither a folder nor a Markdown file"),
        "no-chapters": Code(_E, "the folder has no chapters for the book"),
        "file-unreadable": Code(_E, "a file cannot be opened"),
        "file-too-large": Code(_E, "a text file is larger than chapbook reads"),
        "file-changed": Code(_E, "a file changed while the book was built"),
        "file-outside": Code(_W, "a symbolic link leads out of the content folder or in a circle"),
        "not-utf8": Code(_E, "a text file isn't UTF-8; the message gives the line of the first wrong byte"),
        "navigation": Code(_N, "the order, or the title, comes from a file of the author's own tool"),
        "navigation-missing": Code(_W, "a navigation file lists a page that doesn't exist"),
        "left-out": Code(_N, "a Markdown file at the root that usually describes the repository, not the book"),
        "beside-bundle": Code(_W, "a chapter beside an index.md, which makes its folder one chapter"),
        "include-invalid": Code(_W, "a file that a chapter includes doesn't exist, or includes itself"),
        "draft": Code(_N, "a draft is left out of the book"),
        "too-many-files": Code(_E, "the content folder holds, or a setting names, more files than chapbook reads"),
        "epub-invalid": Code(_E, "a file isn't an EPUB that chapbook can read"),
        "epub-encrypted": Code(_E, "an EPUB is locked (DRM)"),
        "epub-unread": Code(_W, "something in an EPUB can't be read, and is left out"),
        "epub-mended": Code(_W, "something in an EPUB is wrong, and chapbook read it another way"),
        "epub-left": Code(_N, "something of an EPUB that isn't kept when it is written again"),
        # EPUBs that are checked
        "epub-container": Code(_E, "the archive of an EPUB isn't as reading systems ask for it"),
        "epub-package": Code(_E, "the package document of an EPUB is wrong, or lacks something"),
        "epub-navigation": Code(_E, "an EPUB has no table of contents, or several"),
        "epub-content": Code(_E, "a content document of an EPUB isn't well-formed, or has what XHTML doesn't allow"),
        "epub-link": Code(_E, "a link or picture of an EPUB leads to nothing in it"),
        "epub-accessibility": Code(_W, "an EPUB lacks what readers with a disability need"),
        "epub-doubtful": Code(_W, "something in an EPUB is valid, but hardly meant"),
        "epubcheck-error": Code(_E, "EPUBCheck reports an error"),
        "epubcheck-warning": Code(_W, "EPUBCheck reports a warning"),
        "epubcheck-note": Code(_N, "EPUBCheck says something about the use of EPUB"),
        "epubcheck-missing": Code(_N, "EPUBCheck isn't installed, or couldn't check the book"),
        # Front matter and book.yaml
        "front-matter-unclosed": Code(_E, "a front matter block never closes"),
        "front-matter-invalid": Code(_E, "front matter isn't a YAML, TOML or JSON mapping"),
        "settings-invalid": Code(_E, "book.yaml or volumes.yaml isn't a YAML mapping"),
        "settings-doubled": Code(_W, "book.yaml and book.yml both exist; chapbook ignores the second"),
        "too-deep": Code(_E, "front matter, settings or folders nest deeper, or hold more values, than chapbook reads"),
        "key-doubled": Code(_E, "a key appears twice"),
        "key-unknown": Code(_W, "a key is unknown, perhaps a slip of a known one"),
        "value-type": Code(_E, "a value has the wrong type for its key"),
        "value-invalid": Code(_E, "a value has the right type, but its key doesn't allow it"),
        "weight-invalid": Code(_E, "a weight isn't a number"),
        "weight-equal": Code(_W, "chapters of one folder have the same weight, so their file names decide the order"),
        "date-invalid": Code(_W, "a date isn't valid"),
        "language-invalid": Code(_E, "a language isn't a BCP 47 tag"),
        "identifier-invalid": Code(_E, "an identifier isn't an ISBN, UUID, DOI or URI, or its check digit is wrong"),
        "role-unknown": Code(_E, "a contributor's role isn't a MARC relator"),
        "type-unknown": Code(_N, "chapbook doesn't know a chapter's type"),
        "accent-invalid": Code(_W, "an accent isn't a CSS colour"),
        "volume-listed": Code(_N, "the folder is a volume of a series: a volumes.yaml above it lists it"),
        "volume-unknown": Code(_E, "no volume has the name given with --only"),
        "title-missing": Code(_W, "the book has no title, so chapbook uses the folder's name"),
        "language-missing": Code(_W, "the book has no language, so chapbook assumes that of its script, or English"),
        "language-script": Code(_W, "the text is in a script that the book's language is not written in"),
        "value-comment": Code(_W, "a '#' begins a comment and cuts a value short"),
        "front-matter-late": Code(_N, "there are empty lines above the front matter"),
        "files-unread": Code(_N, "there are files that chapbook doesn't read"),
        "setting-file-missing": Code(_E, "a file named in the settings doesn't exist"),
        "setting-unused": Code(_W, "a setting has no effect beside another"),
        "ignore-invalid": Code(_W, "book.yaml ignores a message without a reason, or one that it can't ignore"),
        "ignore-unused": Code(_N, "book.yaml ignores a message that nothing in the book causes"),
        "theme-unknown": Code(_E, "no theme has that name"),
        "theme-invalid": Code(_E, "chapbook can't read the theme.toml of your own theme"),
        "extension-missing": Code(_E, "a Markdown extension isn't installed"),
        "extension-refused": Code(_E, "a content folder may not load that Markdown extension"),
        "extension-failed": Code(_E, "an extension failed: of Markdown, a pass, or other code that isn't chapbook's"),
        "plugin-missing": Code(_E, "a plug-in isn't installed"),
        "extension-said": Code(_W, "a message from a pass of your own"),
        # Text
        "render-time": Code(_E, "a chapter took more than render_seconds to render"),
        "render-failed": Code(_E, "chapbook couldn't render a chapter"),
        "unfolded": Code(_E, "what a chapter repeats by reference grows longer than chapbook writes"),
        "memory-exceeded": Code(_E, "a chapter or a book needs more memory than chapbook may use"),
        "build-time": Code(_E, "the whole build took more seconds than it may (max_seconds)"),
        "build-memory": Code(_E, "the processes of a build took more memory than they may (max_memory)"),
        "book-too-large": Code(_E, "a book has more text, links or bytes than chapbook may read or write"),
        "setting-limited": Code(_W, "a setting of a book asks for more than whoever builds it allows"),
        "messages-left-out": Code(_N, "there are more warnings and notes about a book than chapbook prints"),
        "nesting-deep": Code(_W, "markup nests deeper than chapbook allows; the text stays"),
        "encoding-damage": Code(_W, "text looks as if it was once decoded wrongly"),
        "control-character": Code(_W, "chapbook dropped characters that XML can't hold"),
        "markup-removed": Code(_W, "chapbook removed raw HTML that books can't hold"),
        "markup-unwrapped": Code(_W, "chapbook removed an element that isn't XHTML; its text stays"),
        "resource-remote": Code(
            _W, "a picture, recording or style sheet is on the network, and a book has to hold its files"
        ),
        "link-target-missing": Code(_W, "a link leads to a file that isn't in the book"),
        "link-fragment-missing": Code(_W, "a link leads to a heading or id that doesn't exist"),
        "link-left-out": Code(_W, "a link leads to a chapter that is left out"),
        "link-not-document": Code(
            _W, "a link leads to a file that isn't a chapter, and other files don't go into the book"
        ),
        "link-scheme": Code(_W, "a link has a scheme that books can't use"),
        "link-invalid": Code(_W, "a link's address is empty or malformed"),
        "link-no-text": Code(_W, "a link has no text, so chapbook shows its target or removes it"),
        "id-doubled": Code(_W, "an id appears twice in one chapter"),
        "note-missing": Code(_W, "a footnote is used but never defined"),
        "note-unused": Code(_W, "a footnote is defined but never used"),
        "diagram-code": Code(_N, "a diagram of another tool (mermaid, PlantUML) stays a block of code"),
        "code-not-run": Code(_N, "chunks of code are shown without their results"),
        "syntax-unread": Code(_W, "the syntax of another tool stays text, or is left out"),
        "list-unread": Code(_N, "a line of a paragraph looks like a list item"),
        "reference-doubled": Code(_W, "a link reference is defined twice"),
        "reference-unused": Code(_N, "a link reference is defined but never used"),
        "image-missing": Code(_W, "an image doesn't exist"),
        "image-damaged": Code(_W, "chapbook can't read an image"),
        "image-outside": Code(_W, "an image is outside the content folder"),
        "image-no-alt": Code(_W, "an image has no alt text"),
        "image-too-large": Code(_W, "an image has more pixels or bytes than chapbook reads"),
        "image-still": Code(_W, "an animation became a still picture"),
        "table-cells": Code(_W, "a table row has more cells than its head, so chapbook joins them to the last cell"),
        "table-too-wide": Code(_W, "a table is too wide for a phone, and its rows can't be shown as blocks"),
        "math-invalid": Code(_W, "chapbook can't read a formula"),
        "shortcode-unknown": Code(_W, "a shortcode is unknown"),
        "shortcode-invalid": Code(_W, "a shortcode lacks what it needs or never closes"),
        # Style and cover
        "css-file-missing": Code(_E, "a style sheet doesn't exist"),
        "css-reference-missing": Code(_W, "a style sheet refers to a file that doesn't exist"),
        "css-reference-remote": Code(_W, "a style sheet refers to the network"),
        "css-invalid": Code(_W, "part of a style sheet isn't valid CSS"),
        "css-not-supported": Code(_W, "reading systems or EPUBCheck reject a declaration or rule"),
        "font-invalid": Code(_E, "chapbook can't read a font, or its licence forbids embedding"),
        "font-licence": Code(_N, "a font in the book names its licence"),
        "cover-invalid": Code(_E, "the cover isn't a picture"),
        "cover-found": Code(_N, "chapbook found a picture called cover and uses it as the cover"),
        "cover-small": Code(_W, "the cover is smaller than stores ask for"),
        "cover-shape": Code(_W, "the cover is wider than tall"),
        "cover-font-missing": Code(_W, "no installed font has the letters of the drawn cover"),
        "target-change": Code(_N, "chapbook changed something for the target of --for"),
        "target-doubtful": Code(_W, "the target of --for may not take or show something"),
        "claim-doubtful": Code(_W, "the book claims to conform to a standard, and its content doesn't"),
        # Whole libraries
        "omnibus-setting": Code(_N, "a volume's own setting has no effect where volumes are joined into one book"),
        "worker-lost": Code(_E, "a worker process ended twice before the book, or a chapter, was done"),
        "worker-apart": Code(_E, "a worker on another machine can't see this machine's files"),
        "extra-missing": Code(_E, "an optional package isn't installed"),
        "cluster-unreachable": Code(_E, "chapbook can't reach a Dask cluster at the address"),
        # Writing
        "output-unwritable": Code(_E, "chapbook can't write the book"),
        "output-is-source": Code(
            _E, "the output would overwrite a file of the book, or go through a link of its folder"
        ),
        "files-in-the-way": Code(_E, "a new book would overwrite files"),
        "output-clash": Code(_E, "two books would be written to one file"),
        "identifier-doubled": Code(_E, "two books of one run have the same identifier"),
        "series-place-doubled": Code(_E, "two books of one run have the same place in a series"),
        "unexpected": Code(_E, "a bug in chapbook itself"),
    }
)
