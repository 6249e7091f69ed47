"""The connections of a capture by their facts: who has equal ones is judged once."""

from array import array

from lastack.connections import ahead
from lastack.connections.connection import Connection
from lastack.connections.facts import Facts
from lastack.connections.gather import gather_into
from lastack.connections.surroundings import Surroundings

PLACES = 1 << 10
MASK64 = 0xFFFFFFFFFFFFFFFF
# Odd numbers whose product with another spreads its bits over all 64.
SPREAD = 0x9E3779B97F4A7C15
STIR = 0xD6E8FEB86659FD93


class Alike:
    """All different facts of a capture, and which of them each connection has.

    `numbers[stream]` is the index in `facts` of the facts of that connection;
    `counts[index]` says how many connections have them.
    """

    def __init__(
        self, connections: list[Connection], surroundings: Surroundings
    ) -> None:
        self.facts: list[Facts] = []
        self.counts: list[int] = []
        self.numbers: array[int] = array("i", bytes(4 * len(connections)))
        self.known: dict[tuple[int, int, int], int] = {}
        self.add_all(connections, surroundings)

    def add_all(
        self, connections: list[Connection], surroundings: Surroundings
    ) -> None:
        """Find the number of every connection's facts."""
        numbers = self.numbers
        # The key that came last to each place, and its number plus one: most
        # connections find theirs there without asking `known`.
        first_words = array("q", bytes(8 * PLACES))
        second_words = array("q", bytes(8 * PLACES))
        third_words = array("q", bytes(8 * PLACES))
        places = array("i", bytes(4 * PLACES))
        facts = Facts()
        for stream, connection in enumerate(connections):
            ahead.of_connection(connections, stream + 16)
            ahead.of_sides(connections, stream + 12)
            ahead.of_segments(connections, stream + 8)
            ahead.of_resets(connections, stream + 8)
            ahead.of_reset(connections, stream + 4)
            facts.forget()
            gather_into(facts, connection, surroundings)
            first = facts.first_word()
            second = facts.second_word()
            third = facts.third_word()
            mixed = (first * SPREAD ^ (second ^ third) * STIR) & MASK64
            place = mixed >> 54
            if (
                places[place] == 0
                or first_words[place] != first
                or second_words[place] != second
                or third_words[place] != third
            ):
                number = self.number(facts)
                if self.facts[number] is facts:
                    facts = Facts()
                places[place] = number + 1
                first_words[place] = first
                second_words[place] = second
                third_words[place] = third
            number = places[place] - 1
            numbers[stream] = number
            self.counts[number] += 1

    def number(self, facts: Facts) -> int:
        """Return the number of some facts, the next one if they are new."""
        number = self.known.setdefault(facts.key(), len(self.facts))
        if number == len(self.facts):
            self.facts.append(facts)
            self.counts.append(0)
        return number
