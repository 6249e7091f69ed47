"""Every transition has a rule of the list, which the one table of states allows."""

import re
from dataclasses import fields
from functools import cache

import pytest

from lastack import scenarios
from lastack.sim import personalities, rules
from lastack.sim.endpoint import Endpoint
from lastack.sim.personalities import load
from lastack.sim.personality import Personality
from lastack.sim.rules import RULES, Transition
from lastack.sim.run import play
from lastack.tcp.scenario import client, established, network, server, settle, wait
from lastack.tcp.segment import Address
from lastack.tcp.states import TRANSITIONS, State

from .story import SECOND, tell


@cache
def _moves() -> list[Transition]:
    """Every transition of every scenario on every system."""
    moves = []
    for slug in scenarios.names():
        scenario = scenarios.load(slug)
        if scenario.not_in_sim:
            continue
        for system in personalities.names():
            run = play(scenario, scenario.steps(), client=load(system))
            moves += [move for host in run.transitions.values() for _, move in host]
    return moves


def test_each_name_is_one_rule_with_a_clause_and_a_sentence() -> None:
    """Names are slugs and occur once; each says where it is written."""
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names)
    for rule in RULES:
        assert re.fullmatch(r"[a-z0-9-]+", rule.name)
        assert re.match(r"RFC \d+|POSIX|none", rule.clause), rule.name
        assert rule.says.endswith("."), rule.name


def test_each_rule_has_a_move_in_the_table() -> None:
    """Its events occur in RFC 9293's table of states."""
    assert all(rule.moves for rule in RULES)


def test_a_rule_s_habits_are_values_of_every_personality() -> None:
    """What decides it on a system can be looked up there, with its source."""
    known = {field.name for field in fields(Personality)}
    for rule in RULES:
        assert set(rule.habits) <= known, rule.name


def test_every_transition_follows_its_rule_and_the_table() -> None:
    """In all scenarios on all systems: the rule's event, the table's next state."""
    assert len(_moves()) > 5_000
    for move in _moves():
        assert move.rule in RULES
        assert move.event in move.rule.events, move
        assert TRANSITIONS[move.before][move.event] is move.after, move
        assert (move.before, move.after) in move.rule.moves, move


def test_all_eleven_states_are_reached() -> None:
    """No state of RFC 9293 is only in the table."""
    moves = _moves()
    assert {it.before for it in moves} | {it.after for it in moves} == set(State)


def test_a_transition_by_one_system_s_habit_names_the_source() -> None:
    """A rule that only a system's habit decides carries where that is known from."""
    habitual = {
        rules.UNREAD_AT_CLOSE,
        rules.FIN_WAIT_2_OVER,
        rules.TIME_WAIT_OVER,
        rules.TIME_WAIT_RESET,
        rules.KILLED,
        rules.LINGER_EXPIRED,
        rules.KEEPALIVE_GIVEN_UP,
        rules.RETRANSMISSION_GIVEN_UP,
        rules.PERSIST_GIVEN_UP,
    }
    for move in _moves():
        if move.rule in habitual:
            assert move.source, move


def test_every_rule_is_played() -> None:
    """By a scenario on some system; two by the tests that follow."""
    missing = set(RULES) - {move.rule for move in _moves()}
    assert missing == {rules.SIMULTANEOUS_OPEN, rules.TIME_WAIT_OVER}


def test_syns_that_cross_open_the_connection_from_both_sides() -> None:
    """RFC 9293 figure 7: SYN_SENT, SYN_RECEIVED, ESTABLISHED at both ends."""
    linux, here, there = load("linux"), Address("::1", 1), Address("::2", 2)
    ends = [Endpoint(linux, here, there), Endpoint(linux, there, here, iss=99)]
    for end in ends:
        end.open_active(0)
    for _ in range(3):
        crossing = [end.segments_to_send(0) for end in ends]
        for end, segments in zip(ends, reversed(crossing), strict=True):
            for segment in segments:
                end.segment_arrives(segment, 0)
    for end in ends:
        moves = [it for it in end.tcb.events if isinstance(it, Transition)]
        assert [it.rule for it in moves] == [
            rules.OPEN_ACTIVE,
            rules.SIMULTANEOUS_OPEN,
            rules.HANDSHAKE_DONE,
        ]


def test_time_wait_ends_by_its_system_s_time() -> None:
    """60 s on Linux, and the source of that number."""
    story = tell(
        established(1), client.close(), wait(0.1), server.close(), wait(65)
    )  # fmt: skip
    *_, before, last = [move for _, move in story.run.transitions["client"]]
    assert last.rule is rules.TIME_WAIT_OVER
    assert (last.time - before.time) / SECOND == pytest.approx(60, rel=0.05)
    assert last.source == load("linux").time_wait.source


def test_a_program_that_dies_in_connect_closes_before_the_handshake() -> None:
    """SYN_SENT -> CLOSED, and nothing is sent but the SYN."""
    story = tell(
        network.cut(), client.connect().in_background(), wait(0.1), client.kill(),
        settle(),
    )  # fmt: skip
    names = [move.rule.name for _, move in story.run.transitions["client"]]
    assert names == ["open-active", "close-before-handshake"]


def test_a_syn_that_reopens_time_wait_is_told_as_that() -> None:
    """RFC 6191: the old connection's last transition is to SYN_RECEIVED."""
    scenario = scenarios.load("time-wait-reused")
    run = play(scenario, scenario.steps(), client=load("linux"))
    moves = [move for host in run.transitions.values() for _, move in host]
    (reused,) = [it for it in moves if it.rule is rules.TIME_WAIT_REUSED]
    assert (reused.before, reused.after) == (State.TIME_WAIT, State.SYN_RECEIVED)


def test_death_is_a_rule_of_its_own_where_the_system_resets() -> None:
    """On Windows the rule says that it was the death, not a close()."""
    story = tell(established(1), client.kill(), settle(), client="windows")
    assert story.run.transitions["client"][-1][1].rule is rules.KILLED
