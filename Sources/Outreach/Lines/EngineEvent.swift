import Foundation

/// What the telephone engine says on its control connection.
enum EngineEvent: Equatable {
    /// An answer to a command.
    case answer(token: String, isOK: Bool)
    /// The telephone at the other end rings.
    case ringing
    /// The call stands.
    case established
    /// A key was pressed. Its end may come late or never, so its beginning counts.
    case key(Character)
    /// The call is over, with the engine's reason: `486 Busy Here`, `Connection reset by user`.
    case closed(String)
    /// Somebody calls us.
    case incoming
    /// The carrier doesn't take our registration.
    case registrationFailed(String)
    /// Something else.
    case other

    private struct Line: Decodable {
        let event: Bool?
        let type: String?
        let param: String?
        let direction: String?
        let ok: Bool?
        let token: String?
    }

    /// Reads a frame; what isn't understood is `other`.
    init(_ frame: [UInt8]) {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(frame)) else {
            self = .other
            return
        }
        guard line.event == true else {
            self = line.token.map { .answer(token: $0, isOK: line.ok ?? false) } ?? .other
            return
        }
        let isOurs = line.direction != "incoming"
        switch line.type {
        case "CALL_INCOMING": self = .incoming
        case "CALL_RINGING" where isOurs, "CALL_PROGRESS" where isOurs: self = .ringing
        case "CALL_ESTABLISHED" where isOurs: self = .established
        case "CALL_DTMF_START" where isOurs: self = (line.param ?? "").first.map { .key($0) } ?? .other
        case "CALL_CLOSED" where isOurs: self = .closed(line.param ?? "")
        case "REGISTER_FAIL": self = .registrationFailed(line.param ?? "")
        default: self = .other
        }
    }

    /// A command as a frame.
    ///
    /// The engine takes 255 bytes at most.
    static func command(_ name: String, _ parameters: String, token: String) -> String {
        let text = #"{"command":"\#(name)","params":"\#(parameters)","token":"\#(token)"}"#
        return NetstringReader.frame(text)
    }
}

extension Attempted {
    /// What the end of a call that nobody answered means, by the line's answer (RFC 3261).
    ///
    /// - Parameters:
    ///   - reason: the engine's reason.
    ///   - gaveUp: whether we ended it, because it had rung long enough.
    /// - Returns: what the ledger says.
    static func unanswered(_ reason: String, gaveUp: Bool) -> Attempted {
        if gaveUp { return Attempted(.noAnswer) }
        let code = Int(reason.prefix(3)) ?? 0
        switch code {
        case 486, 600: return Attempted(.busy, cause: "\(code)")
        case 408, 480: return Attempted(.noAnswer, cause: "\(code)")
        case 403, 603, 607: return Attempted(.declined, cause: "\(code)")
        case 404, 410, 484, 604: return Attempted(.wrongNumber, cause: "\(code)")
        case 401, 407: return Attempted(.failed, cause: "\(code)")
        // Nobody was called: the line is in trouble, and the person isn't to blame.
        case 500...599: return Attempted(.postponed, cause: "\(code)")
        case 400...699: return Attempted(.failed, cause: "\(code)")
        default:
            // The carrier said nothing at all. Whether it heard us isn't known, so it isn't tried again.
            return reason.hasPrefix("Connection timed out")
                ? Attempted(.failed, cause: "line-silent") : Attempted(.failed, cause: "line")
        }
    }
}
