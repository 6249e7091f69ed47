"""Windows, as its documentation says; the weakest known of the systems."""

from lastack.sim.personality import (
    ASSUMED,
    DOCUMENTED,
    MS,
    SECOND,
    Acknowledge,
    ActiveReset,
    AtDeath,
    Estimator,
    GiveUp,
    GiveUpBy,
    IpId,
    Keepalive,
    LingerExpiry,
    LingerNonBlocking,
    LossDetection,
    Nagle,
    Overflow,
    PersistBase,
    Personality,
    Probe,
    Push,
    ReadShutdown,
    ReceiveMemory,
    Silence,
    Sourced,
    UnreadAtClose,
    WakeUp,
    WindowUpdate,
)

PERSONALITY = Personality(
    name="windows",
    title="Windows",
    ttl=Sourced(128, "DefaultTTL", ASSUMED),
    ip_id=Sourced(IpId.PER_HOST, "captures of many; no page", ASSUMED),
    mss=Sourced(1460, "Ethernet's 1500 less 40", ASSUMED),
    window=Sourced(64240, "44 segments of 1460", ASSUMED),
    listen_window=Sourced(65535, "no source seen", ASSUMED),
    window_in_segments=Sourced(False, "its windows are no multiples", ASSUMED),
    receive_memory=Sourced(ReceiveMemory.OCTETS, "no source seen", ASSUMED),
    receive_buffer=Sourced(65536, "TcpWindowSize, autotuned", ASSUMED),
    receive_share=Sourced(256, "all of it", ASSUMED),
    send_buffer=Sourced(65536, "no source seen", ASSUMED),
    send_slack=Sourced(0, "no source seen", ASSUMED),
    send_buffer_max=Sourced(65536, "does not grow here", ASSUMED),
    window_scale=Sourced(8, "receive window autotuning, normal", ASSUMED),
    timestamps=Sourced(False, "Tcp1323Opts: timestamps off", ASSUMED),
    timestamp_tick=Sourced(MS, "no source seen", ASSUMED),
    sack=Sourced(True, "no source seen", ASSUMED),
    push=Sourced(Push.EMPTIES_BUFFER, "no source seen", ASSUMED),
    nagle=Sourced(Nagle.CLASSIC, "no source seen", ASSUMED),
    initial_window=Sourced(
        10, "TCP Templates for Windows Server 2019: 10 MSS", DOCUMENTED
    ),
    window_update=Sourced(WindowUpdate.TWO_SEGMENTS, "no source seen", ASSUMED),
    active_reset=Sourced(
        ActiveReset(acknowledges=True, timestamps=False, window=False),
        "no source seen",
        ASSUMED,
    ),
    acknowledge=Sourced(
        Acknowledge.SECOND,
        "TCP Templates for Windows Server 2019: DelayedAckFrequency 2",
        DOCUMENTED,
    ),
    delayed_ack=Sourced(
        40 * MS, "TCP Templates for Windows Server 2019: DelayedAckTimeout", DOCUMENTED
    ),
    fin_ack_delayed=Sourced(False, "no source seen", ASSUMED),
    challenge_interval=Sourced(0, "no source seen", ASSUMED),
    checks_echo=Sourced(False, "RFC 7323 asks for no such check", ASSUMED),
    predicts_headers=Sourced(False, "RFC 9293 3.10.7.4: in order", ASSUMED),
    ack_inside_window=Sourced(False, "RFC 9293 3.4: SND.NXT", ASSUMED),
    crossed_syn_offers_all=Sourced(False, "RFC 7323 1.3, RFC 2018 2", ASSUMED),
    wake_up=Sourced(WakeUp.TICK, "no source seen", ASSUMED),
    tick=Sourced(10 * MS, "no source seen", ASSUMED),
    estimator=Sourced(Estimator.RFC6298, "no source seen", ASSUMED),
    rto_initial=Sourced(
        3 * SECOND, "TcpInitialRtt, KB170359; 1 s since Windows 10", ASSUMED
    ),
    rto_min=Sourced(
        300 * MS, "TCP Templates for Windows Server 2019: MinRto", DOCUMENTED
    ),
    rto_max=Sourced(240 * SECOND, "no source seen", ASSUMED),
    rto_slop=Sourced(0, "no source seen", ASSUMED),
    loss_probe=Sourced(False, "no source seen", ASSUMED),
    loss_detection=Sourced(LossDetection.DUPLICATES, "no source seen", ASSUMED),
    icmp_reverts_backoff=Sourced((), "no source seen", ASSUMED),
    syn_retries=Sourced(2, "TcpMaxConnectRetransmissions 2", ASSUMED),
    connect_again_succeeds=Sourced(False, "POSIX: EISCONN", ASSUMED),
    syn_linear=Sourced(0, "no source seen", ASSUMED),
    syn_give_up=Sourced(0, "by TcpMaxConnectRetransmissions", ASSUMED),
    syn_ack_retries=Sourced(2, "TcpMaxConnectResponseRetransmissions 2", ASSUMED),
    refused_retries=Sourced(
        3, "KB175523: a refused SYN is tried three times more", DOCUMENTED
    ),
    give_up=Sourced(
        GiveUp(GiveUpBy.COUNT, 5), "TcpMaxDataRetransmissions 5, KB170359", DOCUMENTED
    ),
    orphan_give_up=Sourced(
        GiveUp(GiveUpBy.COUNT, 5), "TcpMaxDataRetransmissions 5", DOCUMENTED
    ),
    give_up_sends=Sourced(Silence.RESET, "no source seen", ASSUMED),
    persist_base=Sourced(PersistBase.TIMEOUT, "no source seen", ASSUMED),
    persist_min=Sourced(300 * MS, "no source seen", ASSUMED),
    persist_max=Sourced(60 * SECOND, "no source seen", ASSUMED),
    persist_retries=Sourced(5, "TcpMaxDataRetransmissions", ASSUMED),
    persist_idle=Sourced(0, "by TcpMaxDataRetransmissions", ASSUMED),
    persist_orphan_limit=Sourced(0, "by TcpMaxDataRetransmissions", ASSUMED),
    persist_orphan_retries=Sourced(0, "no count is known", ASSUMED),
    probe=Sourced(Probe.NEXT_OCTET, "no source seen", ASSUMED),
    keepalive_always=Sourced(
        False, "TCP Keep-Alive Messages: off by default", DOCUMENTED
    ),
    keepalive_idle=Sourced(7200 * SECOND, "KeepAliveTime, cc957548", DOCUMENTED),
    keepalive_interval=Sourced(SECOND, "KeepAliveInterval, cc782936", DOCUMENTED),
    keepalive_count=Sourced(
        10, "SIO_KEEPALIVE_VALS: 10 since Vista, 5 before", DOCUMENTED
    ),
    keepalive_probe=Sourced(Keepalive.ONE_OCTET, "captures of many; no page", ASSUMED),
    keepalive_sends=Sourced(Silence.RESET, "no source seen", ASSUMED),
    fin_wait_2=Sourced(
        120 * SECOND,
        "FIN_WAIT_2 Timer, of offloaded connections; KB813056: 300 s",
        DOCUMENTED,
    ),
    fin_wait_2_sends=Sourced(Silence.NOTHING, "no source seen", ASSUMED),
    linger2_max=Sourced(0, "there is no TCP_LINGER2", ASSUMED),
    time_wait=Sourced(
        120 * SECOND, "TcpTimedWaitDelay: 240 s (2000), 120 s (2003)", DOCUMENTED
    ),
    max_orphans=Sourced(65536, "no source seen", ASSUMED),
    unread_at_close=Sourced(UnreadAtClose.RESET, "commonly seen; no page", ASSUMED),
    linger_zero_first=Sourced(True, "no source seen", ASSUMED),
    linger_non_blocking=Sourced(
        LingerNonBlocking.WOULD_BLOCK, "closesocket: WSAEWOULDBLOCK", DOCUMENTED
    ),
    linger_expiry=Sourced(
        LingerExpiry.ABORTS, "closesocket: the connection is terminated", DOCUMENTED
    ),
    at_death=Sourced(
        AtDeath.ABORTS, "WSAECONNRESET: the peer is suddenly stopped", ASSUMED
    ),
    read_shutdown=Sourced(
        ReadShutdown.RESET, "shutdown: SD_RECEIVE resets on later data", ASSUMED
    ),
    read_shutdown_discards=Sourced(False, "no source seen", ASSUMED),
    mini_sockets=Sourced(False, "no source seen", ASSUMED),
    reset_in_close_wait=Sourced("ECONNRESET", "recv: WSAECONNRESET", ASSUMED),
    reset_in_crossed_open=Sourced("ECONNREFUSED", "RFC 9293 3.10.7.4, second", ASSUMED),
    end_of_file_hides_error=Sourced(False, "recv: WSAECONNRESET", ASSUMED),
    write_reports_error_first=Sourced(False, "no source seen", ASSUMED),
    reset_discards_unread=Sourced(True, "no source seen", ASSUMED),
    reset_before_fin=Sourced(False, "no source seen", ASSUMED),
    reset_ends_time_wait=Sourced(False, "no source seen", ASSUMED),
    overflow=Sourced(Overflow.RESET, "a full backlog refuses; no page", ASSUMED),
    abort_on_overflow=Sourced(False, "no source seen", ASSUMED),
    backlog_extra=Sourced(0, "no source seen", ASSUMED),
)
