/// What the provider tells of a call or a message afterwards (status callback).
///
/// Reports come twice, late and in another order. Each is turned into an outcome, and an outcome of a lower rank never
/// replaces a higher one.
public struct ProviderReport: Sendable, Hashable {
    /// The provider's own number of the call or message; empty where it says none.
    public let reference: String
    /// What it means.
    public let attempted: Attempted

    /// Reads a report's fields; nil for what says nothing of a call or a message.
    public init?(_ fields: [String: String]) {
        func cause(_ name: String, _ prefix: String) -> String? {
            guard let text = fields[name], let code = Int(text), code > 0 else { return nil }
            return "\(prefix)\(code)"
        }
        if let status = fields["CallStatus"] {
            reference = Self.plain(fields["CallSid"])
            let cause = cause("SipResponseCode", "") ?? cause("ErrorCode", "code-")
            attempted = Self.call(status, cause, reference)
        } else if let status = fields["MessageStatus"] ?? fields["SmsStatus"] {
            reference = Self.plain(fields["MessageSid"] ?? fields["SmsSid"])
            attempted = Self.message(status, cause("ErrorCode", "code-"), reference)
        } else {
            return nil
        }
    }

    private static func call(_ status: String, _ cause: String?, _ reference: String) -> Attempted {
        let outcome: Outcome =
            switch status {
            case "queued", "initiated": .accepted
            case "ringing": .underway
            case "in-progress", "answered": .answered
            // Whether the code was told is known here, by the ledger: who never asked for it heard none.
            case "completed": .noKey
            case "busy": .busy
            case "no-answer": .noAnswer
            case "canceled": .failed
            case "failed": cause == "404" || cause == "484" ? .wrongNumber : .failed
            default: .accepted
            }
        return Attempted(outcome, cause: outcome == .noKey ? nil : cause, reference: reference)
    }

    private static func message(_ status: String, _ cause: String?, _ reference: String) -> Attempted {
        let outcome: Outcome =
            switch status {
            case "sent": .underway
            case "delivered", "read": .delivered
            case "undelivered": .undelivered
            case "failed", "canceled": .failed
            default: .accepted
            }
        return Attempted(outcome, cause: cause, reference: reference)
    }

    /// A number of theirs as it may stand in the ledger: letters and digits.
    public static func plain(_ text: String?) -> String {
        String(
            (text ?? "").unicodeScalars.filter { $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) }
                .prefix(64).map(Character.init)
        )
    }
}
