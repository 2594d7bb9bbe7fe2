/// An account at a telephone provider that speaks Twilio's language.
public struct ProviderAccount: Sendable {
    /// Where its API is, `https://api.twilio.com`, without a slash at the end.
    public var address: String
    /// The account's number at the provider (Account SID).
    public var account: String
    /// The account's secret (Auth Token): it signs what the provider asks us, too.
    public var token: String
    /// The number that calls and texts, in E.164.
    public var from: String
    /// Our own address as the provider reaches it, `https://hersys.example.jp`, without a slash at the end.
    public var callback: String
    /// Messages under way at the same time.
    public var places: Int
    /// Seconds for which it rings.
    public var ringing: Int
    /// Seconds that a whole call may take.
    public var longest: Int

    /// An account.
    public init(
        address: String,
        account: String,
        token: String,
        from: String,
        callback: String,
        places: Int = 10,
        ringing: Int = 40,
        longest: Int = 120
    ) {
        self.address = address
        self.account = account
        self.token = token
        self.from = from
        self.callback = callback
        self.places = places
        self.ringing = ringing
        self.longest = longest
    }

    /// Our address at which the provider asks what to say in a call.
    public func voiceAddress(_ key: String, asked: Int) -> String {
        "\(callback)\(Self.voicePath)/\(key)?asked=\(asked)"
    }

    /// Our address that the provider asks when everything was spoken.
    func toldAddress(_ key: String) -> String { "\(callback)\(Self.voicePath)/\(key)?told=1" }

    /// Our address at which the provider tells how a call or a message goes.
    public func statusAddress(_ key: String) -> String { "\(callback)\(Self.statusPath)/\(key)" }

    /// The path of ``voiceAddress(_:asked:)`` without the key.
    public static let voicePath = "/outreach/voice"
    /// The path of ``statusAddress(_:)`` without the key.
    public static let statusPath = "/outreach/status"
}
