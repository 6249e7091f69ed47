"""FreeBSD 14, as its source says; paths are below sys/netinet or sys/kern."""

from lastack.sim.personality import (
    ASSUMED,
    DOCUMENTED,
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
    name="freebsd",
    title="FreeBSD 14",
    ttl=Sourced(64, "IPDEFTTL", ASSUMED),
    ip_id=Sourced(IpId.ZERO, "net.inet.ip.rfc6864=1", ASSUMED),
    mss=Sourced(1460, "Ethernet's 1500 less 40", ASSUMED),
    window=Sourced(65535, "tcp_usrreq.c:tcp_recvspace, 64 KiB", SOURCE),
    listen_window=Sourced(65535, "tcp_usrreq.c:tcp_recvspace, 64 KiB", SOURCE),
    window_in_segments=Sourced(False, "its windows are no multiples", ASSUMED),
    receive_memory=Sourced(ReceiveMemory.OCTETS, "sys/sockbuf.h:sbspace()", ASSUMED),
    receive_buffer=Sourced(65536, "tcp_usrreq.c:tcp_recvspace, as a window", SOURCE),
    receive_share=Sourced(256, "all of it", ASSUMED),
    send_buffer=Sourced(32768, "tcp_usrreq.c:tcp_sendspace, 32 KiB", SOURCE),
    send_slack=Sourced(0, "no source seen", ASSUMED),
    send_buffer_max=Sourced(32768, "does not grow here", ASSUMED),
    window_scale=Sourced(6, "tcp_input.c: from sb_max 2 MiB", ASSUMED),
    timestamps=Sourced(True, "net.inet.tcp.rfc1323=1", ASSUMED),
    timestamp_tick=Sourced(MS, "TCP_TS_TO_TICKS: 1 ms", ASSUMED),
    sack=Sourced(True, "net.inet.tcp.sack.enable=1", ASSUMED),
    push=Sourced(Push.EMPTIES_BUFFER, "tcp_output.c", ASSUMED),
    nagle=Sourced(Nagle.CLASSIC, "tcp_output.c", ASSUMED),
    initial_window=Sourced(10, "tcp(4): initcwnd_segments, RFC 6928", DOCUMENTED),
    window_update=Sourced(WindowUpdate.TWO_SEGMENTS, "tcp_output.c", ASSUMED),
    active_reset=Sourced(
        ActiveReset(acknowledges=True, timestamps=True, window=True),
        "tcp_subr.c:tcp_drop, tcp_output.c in CLOSED",
        SOURCE,
    ),
    acknowledge=Sourced(Acknowledge.SECOND, "tcp_input.c:DELAY_ACK", ASSUMED),
    delayed_ack=Sourced(40 * MS, "tcp_timer.h:TCPTV_DELACK, hz/25", SOURCE),
    fin_ack_delayed=Sourced(False, "tcp_input.c: a FIN sets TF_ACKNOW", ASSUMED),
    challenge_interval=Sourced(
        0, "net.inet.tcp.ack_war_timewindow limits only floods", ASSUMED
    ),
    checks_echo=Sourced(False, "RFC 7323 asks for no such check", ASSUMED),
    predicts_headers=Sourced(False, "RFC 9293 3.10.7.4: in order", ASSUMED),
    ack_inside_window=Sourced(False, "RFC 9293 3.4: SND.NXT", ASSUMED),
    crossed_syn_offers_all=Sourced(False, "RFC 7323 1.3, RFC 2018 2", ASSUMED),
    wake_up=Sourced(WakeUp.TICK, "callout(9), hz=1000", ASSUMED),
    tick=Sourced(MS, "hz=1000", ASSUMED),
    estimator=Sourced(Estimator.RFC6298, "tcp_input.c:tcp_xmit_timer", ASSUMED),
    rto_initial=Sourced(SECOND, "tcp_timer.h:TCPTV_RTOBASE", SOURCE),
    rto_min=Sourced(30 * MS, "tcp_timer.h:TCPTV_MIN, hz/33", SOURCE),
    rto_max=Sourced(64 * SECOND, "tcp_timer.h:TCPTV_REXMTMAX", SOURCE),
    rto_slop=Sourced(200 * MS, "tcp_timer.h:TCPTV_CPU_VAR, TCPT_RANGESET", SOURCE),
    loss_probe=Sourced(False, "the base stack has none; RACK has", SOURCE),
    loss_detection=Sourced(LossDetection.DUPLICATES, "no source seen", ASSUMED),
    icmp_reverts_backoff=Sourced((), "no source seen", ASSUMED),
    syn_retries=Sourced(12, "tcp_timer.h:TCP_MAXRXTSHIFT", SOURCE),
    connect_again_succeeds=Sourced(False, "POSIX: EISCONN", ASSUMED),
    syn_linear=Sourced(0, "tcp_timer.c:tcp_backoff", ASSUMED),
    syn_give_up=Sourced(75 * SECOND, "tcp_timer.h:TCPTV_KEEP_INIT", SOURCE),
    syn_ack_retries=Sourced(3, "tcp_syncache.c:SYNCACHE_MAXREXMTS", SOURCE),
    refused_retries=Sourced(0, "tcp_input.c, SYN_SENT: tcp_drop at once", SOURCE),
    give_up=Sourced(
        GiveUp(GiveUpBy.COUNT, 12), "tcp_timer.c:tcp_retries, TCP_MAXRXTSHIFT", SOURCE
    ),
    orphan_give_up=Sourced(GiveUp(GiveUpBy.COUNT, 12), "tcp_timer.c: the same", SOURCE),
    give_up_sends=Sourced(
        Silence.RESET, "tcp_timer.c:tcp_timer_rexmt calls tcp_drop", SOURCE
    ),
    persist_base=Sourced(PersistBase.VARIANCE, "tcp_output.c:tcp_setpersist", SOURCE),
    persist_min=Sourced(
        5 * SECOND, "tcp_timer.h:TCPTV_PERSMIN; the 5 s of a trace", SOURCE
    ),
    persist_max=Sourced(60 * SECOND, "tcp_timer.h:TCPTV_PERSMAX", SOURCE),
    persist_retries=Sourced(12, "tcp_timer.c:tcp_timer_persist", SOURCE),
    persist_idle=Sourced(7200 * SECOND, "tcp_maxpersistidle = TCPTV_KEEP_IDLE", SOURCE),
    persist_orphan_limit=Sourced(
        60 * SECOND, "tcp_timer.c:tcp_timer_persist, TCPTV_PERSMAX", SOURCE
    ),
    persist_orphan_retries=Sourced(0, "no count is known", ASSUMED),
    probe=Sourced(Probe.NEXT_OCTET, "tcp_output.c:TF_FORCEDATA", ASSUMED),
    keepalive_always=Sourced(True, "net.inet.tcp.always_keepalive=1", SOURCE),
    keepalive_idle=Sourced(7200 * SECOND, "tcp_timer.h:TCPTV_KEEP_IDLE", SOURCE),
    keepalive_interval=Sourced(75 * SECOND, "tcp_timer.h:TCPTV_KEEPINTVL", SOURCE),
    keepalive_count=Sourced(8, "tcp_timer.h:TCPTV_KEEPCNT", SOURCE),
    keepalive_probe=Sourced(
        Keepalive.OLD_SEQUENCE, "tcp_timer.c:tcp_timer_keep, tcp_respond", SOURCE
    ),
    keepalive_sends=Sourced(
        Silence.RESET, "tcp_timer.c:tcp_timer_keep calls tcp_drop", SOURCE
    ),
    fin_wait_2=Sourced(
        675 * SECOND,
        "tcp_timer.c:tcp_timer_2msl: idle for 8 x 75 s, looked at every 75 s",
        SOURCE,
    ),
    fin_wait_2_sends=Sourced(
        Silence.NOTHING, "tcp_timer.c:tcp_timer_2msl calls tcp_close", SOURCE
    ),
    linger2_max=Sourced(0, "there is no TCP_LINGER2", ASSUMED),
    time_wait=Sourced(60 * SECOND, "tcp_timer.h:TCPTV_MSL twice", SOURCE),
    max_orphans=Sourced(65536, "no limit is known", ASSUMED),
    unread_at_close=Sourced(
        UnreadAtClose.FIN, "tcp_usrreq.c:tcp_disconnect flushes so_rcv", SOURCE
    ),
    linger_zero_first=Sourced(
        True, "tcp_usrreq.c:tcp_disconnect, before sbflush", SOURCE
    ),
    linger_non_blocking=Sourced(
        LingerNonBlocking.RETURNS, "uipc_socket.c:soclose, SS_NBIO", SOURCE
    ),
    linger_expiry=Sourced(
        LingerExpiry.WOULD_BLOCK, "uipc_socket.c:soclose; a trace", MEASURED
    ),
    at_death=Sourced(AtDeath.CLOSES, "fdescfree closes every descriptor", ASSUMED),
    read_shutdown=Sourced(ReadShutdown.DISCARDED, "uipc_socket.c:sorflush", ASSUMED),
    read_shutdown_discards=Sourced(True, "uipc_socket.c:sorflush", ASSUMED),
    mini_sockets=Sourced(False, "TIME_WAIT is a tcpcb since FreeBSD 14", ASSUMED),
    reset_in_close_wait=Sourced(
        "ECONNRESET", "freebsd-net/tcp-testsuite state-event-engine", DOCUMENTED
    ),
    reset_in_crossed_open=Sourced("ECONNREFUSED", "RFC 9293 3.10.7.4, second", ASSUMED),
    end_of_file_hides_error=Sourced(
        False, "uipc_socket.c:soreceive, so_error first", ASSUMED
    ),
    write_reports_error_first=Sourced(
        False, "uipc_socket.c:sosend, SBS_CANTSENDMORE first", ASSUMED
    ),
    reset_discards_unread=Sourced(False, "uipc_socket.c:soreceive, dontblock", ASSUMED),
    reset_before_fin=Sourced(
        False, "freebsd-net/tcp-testsuite: RST left of the window", DOCUMENTED
    ),
    reset_ends_time_wait=Sourced(
        False, "tcp_timewait.c:tcp_twcheck drops a RST", ASSUMED
    ),
    overflow=Sourced(Overflow.DROP, "uipc_socket.c:sonewconn", ASSUMED),
    abort_on_overflow=Sourced(
        False, "net.inet.tcp.syncache.rst_on_sock_fail is for failures", ASSUMED
    ),
    backlog_extra=Sourced(1, "sys/socketvar.h: 3/2 of the backlog overflows", ASSUMED),
)
