/// The ways out of the house that an installation has, and which of them a message goes.
public struct Ways: Sendable {
    /// What calls.
    public let call: any Driver
    /// What texts; nil where nothing does.
    public let sms: (any Driver)?

    /// Ways.
    public init(call: any Driver, sms: (any Driver)? = nil) {
        self.call = call
        self.sms = sms ?? (call.media.contains(.sms) ? call : nil)
    }

    /// Each driver once.
    public var drivers: [any Driver] {
        if let sms, sms.name != call.name { [call, sms] } else { [call] }
    }

    /// The way of a message: by voice wherever an SMS can't arrive, for whoever waits for a code needs it.
    public func way(_ wanted: Medium, to destination: Destination) -> (medium: Medium, driver: any Driver) {
        if wanted == .sms, destination.isMobile, let sms { (.sms, sms) } else { (.call, call) }
    }
}
