"""What the library's values have in common, and the types of fields that take several forms of a value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from msgspec import Struct

if TYPE_CHECKING:
    from typing import Self

__all__ = ["EMPTY", "LIST", "NONE", "TEXTLESS", "Given", "Several", "Value"]

Held = TypeVar("Held")
Taken = TypeVar("Taken")


class Value(Struct, frozen=True):
    """A value that does not change."""

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401 - as each field has it
        """The same value but for `changes`, by the names of its fields. They are checked as those of a new one."""
        kept = {name: getattr(self, name) for name in self.__struct_fields__}
        return type(self)(**{**kept, **changes})


class Given(Generic[Held, Taken]):
    """The type of a field that holds `Held`, and takes `Taken`: ``Given[tuple[str, ...], Iterable[str] | str]``.

    A type checker sees a descriptor; when the program runs, it is `Held`.
    """

    if TYPE_CHECKING:

        @overload
        def __get__(self, owner: None, kind: type) -> Held: ...
        @overload
        def __get__(self, owner: object, kind: type) -> Held: ...
        def __get__(self, owner: object, kind: type) -> Held: ...
        def __set__(self, owner: object, value: Taken) -> None: ...

    else:

        def __class_getitem__(cls, types: tuple[Any, Any]) -> Any:  # noqa: ANN401 - a type
            return types[0]


Several = Given[list[Held], Iterable[Held] | Held]
"""Of a field of `Book` that holds a list, and takes whatever has its items, or a single one."""
LIST: Any = list
NONE: Any = None
EMPTY: Any = ()
TEXTLESS: Any = ""
"""Defaults of such fields."""
