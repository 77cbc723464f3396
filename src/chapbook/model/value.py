"""The base class of the library's values, and types for fields that accept several forms of a value."""

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
    """A value that can't be changed."""

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401 - as each field has it
        """A copy with `changes`, by field name. They are checked like the values of a new one."""
        kept = {name: getattr(self, name) for name in self.__struct_fields__}
        return type(self)(**{**kept, **changes})


class Given(Generic[Held, Taken]):
    """The type of a field that stores `Held` and accepts `Taken`: ``Given[tuple[str, ...], Iterable[str] | str]``.

    Type checkers see a descriptor; at run time it is `Held`.
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
"""For a field of `Book` that holds a list, and accepts any iterable of its items, or a single one."""
LIST: Any = list
NONE: Any = None
EMPTY: Any = ()
TEXTLESS: Any = ""
"""Defaults of such fields."""
