/// The carrier's line (SIP trunk) as an installation has it, and where the engines listen.
public struct Trunk: Sendable {
    /// How SIP is carried.
    public enum Transport: String, Sendable, CaseIterable {
        /// UDP, what most carriers in Japan offer.
        case udp
        /// TCP.
        case tcp
    }

    /// The carrier's host, with its port where it isn't 5060.
    public var host: String
    /// How SIP is carried.
    public var transport: Transport
    /// The number or name that calls: what stands before the `@` of our address.
    public var caller: String
    /// The user name that the carrier asks for; empty for none.
    public var user: String
    /// The password that the carrier asks for; empty for none.
    public var password: String
    /// Whether to register; carriers with a fixed address don't ask for it.
    public var registers: Bool
    /// Lines, 1…50: calls at the same time.
    public var lines: Int
    /// The address of this machine that the carrier reaches.
    public var listen: String
    /// First port for SIP: two a line from here on, and 200 above them one a line for control, on loopback.
    public var firstPort: Int
    /// First port for sound: twenty a line from here on.
    public var firstMediaPort: Int
    /// Seconds for which it rings.
    public var ringing: Int
    /// Seconds that a whole call may take after it was answered.
    public var longest: Int

    /// A line.
    public init(
        host: String,
        transport: Transport = .udp,
        caller: String,
        user: String = "",
        password: String = "",
        registers: Bool = false,
        lines: Int = 10,
        listen: String = "127.0.0.1",
        firstPort: Int = 5070,
        firstMediaPort: Int = 20_000,
        ringing: Int = 40,
        longest: Int = 90
    ) {
        self.host = host
        self.transport = transport
        self.caller = caller
        self.user = user
        self.password = password
        self.registers = registers
        self.lines = lines
        self.listen = listen
        self.firstPort = firstPort
        self.firstMediaPort = firstMediaPort
        self.ringing = ringing
        self.longest = longest
    }

    /// Whether a text can stand in the engine's files: a quote, a semicolon or a line end would become a setting.
    public static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0.isASCII && $0.value > 0x20 && $0.value < 0x7f && !"\"';<>,\\".unicodeScalars.contains($0)
        }
    }

    /// The port on which a line's engine takes commands.
    func controlPort(line: Int) -> Int { firstPort + 200 + line }

    /// The port on which a line's engine speaks SIP; it takes the next one, too.
    func port(line: Int) -> Int { firstPort + 2 * line }

    /// The address that a call to a number goes to.
    func target(_ destination: Destination) -> String {
        "sip:\(destination.national)@\(host);transport=\(transport.rawValue)"
    }

    /// What the engine of a line is told: its own ports, sound from files, commands from this machine only.
    func configuration(line: Int, silence: String) -> String {
        let media = firstMediaPort + 20 * line
        return """
            poll_method epoll
            sip_listen \(listen):\(port(line: line))
            call_local_timeout \(ringing + 10)
            call_max_calls 1
            audio_source aufile,\(silence)
            audio_player aubridge,null
            audio_alert aubridge,alert
            ausrc_srate 8000
            auplay_srate 8000
            ausrc_channels 1
            auplay_channels 1
            rtp_ports \(media)-\(media + 19)
            rtp_stats no
            module_path \(Self.modules)
            module g711.so
            module aufile.so
            module aubridge.so
            module uuid.so
            module_tmp account.so
            module_app menu.so
            module_app ctrl_tcp.so
            ctrl_tcp_listen 127.0.0.1:\(controlPort(line: line))

            """
    }

    /// The account of a line.
    ///
    /// It holds the password: for its owner's eyes only.
    func account() -> String {
        let domain = host.split(separator: ":").first.map(String.init) ?? host
        let login = user.isEmpty ? "" : ";auth_user=\(user);auth_pass=\(password)"
        return """
            "HER-SYS" <sip:\(caller)@\(domain)>\(login);outbound="sip:\(host);transport=\(transport.rawValue)"\
            ;regint=\(registers ? 600 : 0);audio_codecs=pcmu/8000/1,pcma/8000/1;answermode=manual;dtmfmode=rtp

            """
    }

    /// Where Debian puts the engine's modules.
    private static let modules = "/usr/lib/baresip/modules"
}
