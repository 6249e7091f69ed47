"""illumos, as its source and traces say; paths are below inet/tcp."""

from lastack.sim.personality import (
    ASSUMED,
    MEASURED,
    MS,
    SECOND,
    SOURCE,
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
    name="illumos",
    title="illumos",
    ttl=Sourced(64, "tcp_tunables.c: _ipv4_ttl", SOURCE),
    ip_id=Sourced(IpId.PER_HOST, "ip_output.c: a counter per destination", ASSUMED),
    mss=Sourced(1460, "Ethernet's 1500 less 40", ASSUMED),
    window=Sourced(
        64240, "tcp_tunables.c: recv_buf 128000, rounded to segments", ASSUMED
    ),
    listen_window=Sourced(
        64240, "tcp_tunables.c: recv_buf 128000, rounded to segments", ASSUMED
    ),
    window_in_segments=Sourced(False, "its windows are no multiples", ASSUMED),
    receive_memory=Sourced(ReceiveMemory.OCTETS, "no source seen", ASSUMED),
    receive_buffer=Sourced(128000, "tcp_tunables.c: TCP_RECV_HIWATER", SOURCE),
    receive_share=Sourced(256, "all of it", ASSUMED),
    send_buffer=Sourced(49152, "tcp_tunables.c: TCP_XMIT_HIWATER", SOURCE),
    send_slack=Sourced(0, "no source seen", ASSUMED),
    send_buffer_max=Sourced(49152, "does not grow here", ASSUMED),
    window_scale=Sourced(1, "tcp_tunables.c: _wscale_always; 128000 octets", SOURCE),
    timestamps=Sourced(True, "tcp_tunables.c: _tstamp_if_wscale", SOURCE),
    timestamp_tick=Sourced(10 * MS, "lbolt, hz=100", ASSUMED),
    sack=Sourced(True, "tcp_tunables.c: sack 2", SOURCE),
    push=Sourced(Push.EMPTIES_BUFFER, "tcp_output.c", ASSUMED),
    nagle=Sourced(Nagle.CLASSIC, "tcp_tunables.c: _naglim_def", SOURCE),
    initial_window=Sourced(
        3, "tcp_tunables.c: _slow_start_initial 4; RFC 3390: 3 of 1460", SOURCE
    ),
    window_update=Sourced(
        WindowUpdate.TWO_SEGMENTS, "tcp_input.c:tcp_rwnd_reopen", ASSUMED
    ),
    active_reset=Sourced(
        ActiveReset(acknowledges=False, timestamps=False, window=False),
        "tcp_output.c:tcp_xmit_ctl(..., 0, TH_RST)",
        SOURCE,
    ),
    acknowledge=Sourced(
        Acknowledge.SECOND, "tcp_tunables.c: _deferred_acks_max 2", SOURCE
    ),
    delayed_ack=Sourced(
        100 * MS,
        "tcp_tunables.c: _deferred_ack_interval; 50 ms on its own network",
        SOURCE,
    ),
    fin_ack_delayed=Sourced(False, "tcp_input.c: TH_FIN sets TH_ACK_NEEDED", ASSUMED),
    challenge_interval=Sourced(
        100 * MS, "tcp_input.c: tcp_rst_sent_rate_enabled bounds them", ASSUMED
    ),
    checks_echo=Sourced(False, "RFC 7323 asks for no such check", ASSUMED),
    predicts_headers=Sourced(False, "RFC 9293 3.10.7.4: in order", ASSUMED),
    ack_inside_window=Sourced(False, "RFC 9293 3.4: SND.NXT", ASSUMED),
    crossed_syn_offers_all=Sourced(False, "RFC 7323 1.3, RFC 2018 2", ASSUMED),
    wake_up=Sourced(WakeUp.TICK, "hz=100", ASSUMED),
    tick=Sourced(10 * MS, "hz=100", ASSUMED),
    estimator=Sourced(Estimator.RFC6298, "tcp_input.c:tcp_set_rto", SOURCE),
    rto_initial=Sourced(SECOND, "tcp_tunables.c: _rexmit_interval_initial", SOURCE),
    rto_min=Sourced(400 * MS, "tcp_tunables.c: _rexmit_interval_min", SOURCE),
    rto_max=Sourced(60 * SECOND, "tcp_tunables.c: _rexmit_interval_max", SOURCE),
    rto_slop=Sourced(0, "tcp_tunables.c: _rexmit_interval_extra", SOURCE),
    loss_probe=Sourced(False, "none", ASSUMED),
    loss_detection=Sourced(
        LossDetection.DUPLICATES, "tcp_tunables.c: _dupack_fast_retransmit 3", SOURCE
    ),
    icmp_reverts_backoff=Sourced((), "no source seen", ASSUMED),
    syn_retries=Sourced(32, "tcp_timers.c: by time only", ASSUMED),
    connect_again_succeeds=Sourced(False, "POSIX: EISCONN", ASSUMED),
    syn_linear=Sourced(0, "tcp_timers.c", ASSUMED),
    syn_give_up=Sourced(180 * SECOND, "tcp_tunables.c: _ip_abort_cinterval", SOURCE),
    syn_ack_retries=Sourced(6, "tcp_tunables.c: _ip_abort_linterval 3 min", ASSUMED),
    refused_retries=Sourced(0, "tcp_input.c: ECONNREFUSED at once", ASSUMED),
    give_up=Sourced(
        GiveUp(GiveUpBy.ELAPSED, 300 * SECOND),
        "tcp_tunables.c: _ip_abort_interval; 311 s in a trace",
        MEASURED,
    ),
    orphan_give_up=Sourced(
        GiveUp(GiveUpBy.ELAPSED, 300 * SECOND), "tcp_timers.c: the same", ASSUMED
    ),
    give_up_sends=Sourced(
        Silence.NOTHING, "tcp_timers.c:tcp_timer, tcp_clean_death", ASSUMED
    ),
    persist_base=Sourced(
        PersistBase.TIMEOUT, "tcp_timers.c: zero-window probes use the RTO", ASSUMED
    ),
    persist_min=Sourced(400 * MS, "tcp_tunables.c: _rexmit_interval_min", SOURCE),
    persist_max=Sourced(60 * SECOND, "tcp_tunables.c: _rexmit_interval_max", SOURCE),
    persist_retries=Sourced(32, "tcp_timers.c: by time only", ASSUMED),
    persist_idle=Sourced(300 * SECOND, "tcp_tunables.c: _ip_abort_interval", ASSUMED),
    persist_orphan_limit=Sourced(
        300 * SECOND, "tcp_tunables.c: _ip_abort_interval", ASSUMED
    ),
    persist_orphan_retries=Sourced(0, "no count is known", ASSUMED),
    probe=Sourced(Probe.NEXT_OCTET, "tcp_timers.c: tcp_zero_win_probe", ASSUMED),
    keepalive_always=Sourced(False, "SO_KEEPALIVE is off by default", ASSUMED),
    keepalive_idle=Sourced(
        7200 * SECOND, "tcp_tunables.c: _keepalive_interval", SOURCE
    ),
    keepalive_interval=Sourced(
        60 * SECOND, "tcp_tunables.c: _keepalive_abort_interval 8 min, in 8", ASSUMED
    ),
    keepalive_count=Sourced(
        8, "tcp_tunables.c: _keepalive_abort_interval 8 min", ASSUMED
    ),
    keepalive_probe=Sourced(
        Keepalive.ONE_OCTET, "tcp_timers.c:tcp_keepalive_timer", ASSUMED
    ),
    keepalive_sends=Sourced(Silence.NOTHING, "tcp_timers.c:tcp_clean_death", ASSUMED),
    fin_wait_2=Sourced(
        60 * SECOND, "tcp_tunables.c: _fin_wait_2_flush_interval (675 s before)", SOURCE
    ),
    fin_wait_2_sends=Sourced(Silence.NOTHING, "tcp_timers.c:tcp_clean_death", ASSUMED),
    linger2_max=Sourced(60 * SECOND, "tcp_opt_data.c: TCP_LINGER2", ASSUMED),
    time_wait=Sourced(60 * SECOND, "tcp_tunables.c: _time_wait_interval", SOURCE),
    max_orphans=Sourced(65536, "no limit is known", ASSUMED),
    unread_at_close=Sourced(
        UnreadAtClose.RESET, 'tcp.c:tcp_close_common, "tcp_close, unread data"', SOURCE
    ),
    linger_zero_first=Sourced(
        True, 'tcp.c:tcp_close_common, "zero lingertime" first', SOURCE
    ),
    linger_non_blocking=Sourced(
        LingerNonBlocking.BLOCKS, "tcp.c:tcp_close_linger", ASSUMED
    ),
    linger_expiry=Sourced(LingerExpiry.DRAINS_ON, "tcp.c:tcp_close_linger", ASSUMED),
    at_death=Sourced(AtDeath.CLOSES, "a trace", MEASURED),
    read_shutdown=Sourced(ReadShutdown.DISCARDED, "no source seen", ASSUMED),
    read_shutdown_discards=Sourced(True, "no source seen", ASSUMED),
    mini_sockets=Sourced(False, "TIME_WAIT keeps the conn_t", ASSUMED),
    reset_in_close_wait=Sourced(
        "ECONNRESET", "truss of a client that went on after end of file", MEASURED
    ),
    reset_in_crossed_open=Sourced("ECONNREFUSED", "RFC 9293 3.10.7.4, second", ASSUMED),
    end_of_file_hides_error=Sourced(
        False, "the same truss: read() gives ECONNRESET", MEASURED
    ),
    write_reports_error_first=Sourced(False, "the same truss: EPIPE", ASSUMED),
    reset_discards_unread=Sourced(
        False, "tcp.c:tcp_clean_death: sockets must ignore FLUSHR", SOURCE
    ),
    reset_before_fin=Sourced(False, "no source seen", ASSUMED),
    reset_ends_time_wait=Sourced(True, "no source seen", ASSUMED),
    overflow=Sourced(Overflow.DROP, "tcp_input.c:tcp_input_listener", ASSUMED),
    abort_on_overflow=Sourced(False, "no source seen", ASSUMED),
    backlog_extra=Sourced(0, "tcp_input.c: tcp_conn_req_max", ASSUMED),
)
