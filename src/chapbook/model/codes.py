"""The one table of diagnostic codes: what each means and how much it weighs.

A code is a word that says the fault (``link-target-missing``). The docs print this table, and a test
asks that every code in it is used somewhere and has an example.
"""

from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct


class Severity(StrEnum):
    """How much a diagnostic weighs.

    An error stops the book; a warning says what was lost or doubtful, and stops it only under
    ``--strict``; a note says what chapbook did on purpose (a draft left out) and never stops anything.
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
        "source-missing": Code(_E, "the source is not there or is neither a folder nor a Markdown file"),
        "no-chapters": Code(_E, "the folder holds no chapter that goes into the book"),
        "file-unreadable": Code(_E, "a file cannot be opened"),
        "file-too-large": Code(_E, "a text file is larger than chapbook reads"),
        "file-changed": Code(_E, "a file changed while the book was built"),
        "file-outside": Code(_W, "a symbolic link leads out of the content folder or in a circle"),
        "not-utf8": Code(_E, "a text file is not UTF-8; the line of the first wrong byte is given"),
        "navigation": Code(_N, "the order, or the title, comes from a file of the author's own tool"),
        "navigation-missing": Code(_W, "a navigation file lists a page that is not there"),
        "left-out": Code(_N, "a Markdown file at the root that is about the repository, not of the book"),
        "beside-bundle": Code(_W, "a chapter beside an index.md, which makes its folder one chapter"),
        "include-invalid": Code(_W, "a file that a chapter takes in is not there, or takes itself in"),
        "draft": Code(_N, "a draft is left out of the book"),
        "too-many-files": Code(_E, "the content folder holds more files than chapbook reads"),
        "epub-invalid": Code(_E, "a file isn't an EPUB that chapbook can read"),
        "epub-encrypted": Code(_E, "an EPUB is locked (DRM)"),
        "epub-unread": Code(_W, "something in an EPUB can't be read, and is left out"),
        "epub-mended": Code(_W, "something in an EPUB is wrong, and chapbook read it another way"),
        "epub-left": Code(_N, "something of an EPUB that isn't kept when it is written again"),
        # Front matter and book.yaml
        "front-matter-unclosed": Code(_E, "a front matter block never closes"),
        "front-matter-invalid": Code(_E, "front matter is no YAML, TOML or JSON mapping"),
        "settings-invalid": Code(_E, "book.yaml or volumes.yaml is no YAML mapping"),
        "settings-doubled": Code(_W, "book.yaml and book.yml are both there; the second is not read"),
        "too-deep": Code(_E, "front matter, settings or folders nest deeper, or hold more values, than chapbook reads"),
        "key-doubled": Code(_E, "a key is given twice"),
        "key-unknown": Code(_W, "a key is unknown, perhaps a slip of a known one"),
        "value-type": Code(_E, "a value is not of the type its key takes"),
        "value-invalid": Code(_E, "a value is of the right type and still not one its key takes"),
        "weight-invalid": Code(_E, "a weight is no number"),
        "weight-equal": Code(_W, "siblings have one weight, so the names decide their order"),
        "date-invalid": Code(_W, "a date is none"),
        "language-invalid": Code(_E, "a language is no BCP 47 tag"),
        "identifier-invalid": Code(_E, "an identifier is no ISBN, UUID, DOI or URI, or its check digit is wrong"),
        "role-unknown": Code(_E, "a contributor's role is no MARC relator"),
        "type-unknown": Code(_N, "a chapter's type is none that chapbook knows"),
        "accent-invalid": Code(_W, "an accent is no CSS colour"),
        "volume-listed": Code(_N, "the folder is a volume of a series: a volumes.yaml above it lists it"),
        "volume-unknown": Code(_E, "no volume has the name that was asked for"),
        "title-missing": Code(_W, "the book has no title; the folder's name stands in"),
        "language-missing": Code(_W, "the book has no language; that of its script or English is taken"),
        "language-script": Code(_W, "the text is in a script that the book's language is not written in"),
        "value-comment": Code(_W, "a '#' begins a comment and cuts a text in two"),
        "front-matter-late": Code(_N, "front matter begins below empty lines"),
        "files-unread": Code(_N, "files of other tools are there, which chapbook does not read"),
        "setting-file-missing": Code(_E, "a file that the settings name is not there"),
        "setting-unused": Code(_W, "a setting does nothing beside another"),
        "theme-unknown": Code(_E, "there is no theme of that name"),
        "theme-invalid": Code(_E, "the theme.toml of an author's own theme cannot be read"),
        "extension-missing": Code(_E, "a Markdown extension is not installed"),
        "extension-refused": Code(_E, "a content folder may not import that Markdown extension"),
        "extension-failed": Code(_E, "an extension failed: of Markdown, a pass, or other code that isn't chapbook's"),
        "plugin-missing": Code(_E, "a plug-in that was asked for is not installed"),
        "extension-said": Code(_W, "what a pass of the user's own says of a chapter"),
        # Text
        "render-time": Code(_E, "a chapter renders longer than render_seconds"),
        "render-failed": Code(_E, "a chapter cannot be rendered"),
        "nesting-deep": Code(_W, "markup nests deeper than reading systems take; the text stays"),
        "encoding-damage": Code(_W, "text looks as if it had been decoded wrongly once"),
        "control-character": Code(_W, "characters that XML cannot hold were dropped"),
        "markup-removed": Code(_W, "raw HTML that may not ship was removed"),
        "markup-unwrapped": Code(_W, "an element that is no XHTML went; its text stays"),
        "resource-remote": Code(_W, "a picture, sound or sheet lies on the network and does not ship"),
        "link-target-missing": Code(_W, "a link leads to no file of the book"),
        "link-fragment-missing": Code(_W, "a link leads to a heading or id that is not there"),
        "link-left-out": Code(_W, "a link leads to a chapter that is left out"),
        "link-not-document": Code(_W, "a link leads to a file that is no chapter and does not ship"),
        "link-scheme": Code(_W, "a link has a scheme that does not ship"),
        "link-invalid": Code(_W, "a link's address is empty or cannot be read"),
        "link-no-text": Code(_W, "a link has no text; its target stands in, or the link goes"),
        "id-doubled": Code(_W, "an id is given twice in one chapter"),
        "note-missing": Code(_W, "a reference has no footnote"),
        "note-unused": Code(_W, "a footnote has no reference"),
        "diagram-code": Code(_N, "a diagram of another tool (mermaid, PlantUML) stays a block of code"),
        "code-not-run": Code(_N, "chunks of code are shown without their results"),
        "syntax-unread": Code(_W, "the syntax of another tool stays text, or is left out"),
        "list-unread": Code(_N, "a line of a paragraph begins as a list item does"),
        "reference-doubled": Code(_W, "a reference is defined twice"),
        "reference-unused": Code(_N, "a reference is defined and nothing uses it"),
        "image-missing": Code(_W, "a picture is not there"),
        "image-damaged": Code(_W, "a picture cannot be read"),
        "image-outside": Code(_W, "a picture lies outside the content folder"),
        "image-no-alt": Code(_W, "a picture has no text for those who cannot see it"),
        "image-too-large": Code(_W, "a picture has more pixels or bytes than chapbook reads"),
        "image-still": Code(_W, "a moving picture became a still one"),
        "table-cells": Code(_W, "a table's row has more cells than its head; their words join the last"),
        "math-invalid": Code(_W, "a formula cannot be read"),
        "shortcode-unknown": Code(_W, "a shortcode is unknown"),
        "shortcode-invalid": Code(_W, "a shortcode lacks what it needs or never closes"),
        # Style and cover
        "css-file-missing": Code(_E, "a style sheet is not there"),
        "css-reference-missing": Code(_W, "a style sheet refers to a file that is not there"),
        "css-reference-remote": Code(_W, "a style sheet refers to the network"),
        "css-invalid": Code(_W, "a style sheet cannot be parsed at a place"),
        "css-not-supported": Code(_W, "reading systems or EPUBCheck reject a declaration or rule"),
        "font-invalid": Code(_E, "a font cannot be read or may not be embedded"),
        "font-licence": Code(_N, "a font that is packed says under which licence it is"),
        "cover-invalid": Code(_E, "the cover is no picture"),
        "cover-found": Code(_N, "a picture called cover lies beside the book, and is its cover"),
        "cover-small": Code(_W, "the cover is smaller than the stores take"),
        "cover-shape": Code(_W, "the cover is wider than tall"),
        "cover-font-missing": Code(_W, "no font is there for the script of the drawn cover"),
        "claim-doubtful": Code(_W, "the book is said to conform to what its content goes against"),
        # Whole libraries
        "omnibus-setting": Code(_N, "a setting of one volume does not hold where volumes are joined in one book"),
        "worker-lost": Code(_E, "the process that built the book was lost, and so was the one after it"),
        "worker-apart": Code(_E, "a worker on another machine does not see the files that this one sees"),
        "extra-missing": Code(_E, "an optional package that was asked for is not installed"),
        "cluster-unreachable": Code(_E, "there is no Dask cluster at the address"),
        # Writing
        "output-unwritable": Code(_E, "the book cannot be written"),
        "output-is-source": Code(_E, "the output would replace a file that the book is made of"),
        "files-in-the-way": Code(_E, "a new book would be written over files that are there"),
        "output-clash": Code(_E, "two books would be written to one file"),
        "identifier-doubled": Code(_E, "two books of one run have one identifier"),
        "series-place-doubled": Code(_E, "two books of one run have one place in a series"),
        "unexpected": Code(_E, "a fault in chapbook itself"),
    }
)
