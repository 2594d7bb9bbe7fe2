/// What the provider is told to do in a call, in its language (TwiML).
public enum VoiceDocument {
    /// A step of the call: the question, or the code and the end.
    public struct Step: Sendable {
        /// The document.
        public let text: String
        /// Whether the code stands in it.
        public let tellsCode: Bool
    }

    /// Seconds for which a key is awaited behind the question.
    private static let patience = 8

    /// What to do when the provider asks.
    ///
    /// - Parameters:
    ///   - key: the message's key.
    ///   - asked: how often the question was played already, as our own address says.
    ///   - digits: what was pressed since, empty for nothing.
    ///   - code: the code; nil where it may no longer be told, and the call ends.
    ///   - account: whose addresses the next step is asked at.
    /// - Returns: the document, and whether the code stands in it.
    public static func step(
        _ key: String,
        asked: Int,
        digits: String,
        code: SecretDigits?,
        account: ProviderAccount
    ) -> Step {
        guard let code else { return Step(text: document("<Hangup/>"), tellsCode: false) }
        var flow = CallFlow(asked: asked)
        let event: CallFlow.Event = flow.asked == 0 ? .answered : digits.first.map { .key($0) } ?? .silence
        var command = flow.take(event)
        if case .ask(let clip) = command {
            let next = account.voiceAddress(key, asked: flow.asked)
            return Step(
                text: document(
                    """
                    <Gather input="dtmf" numDigits="1" timeout="\(patience)" actionOnEmptyResult="true" method="POST" \
                    action="\(escape(next))">\(say(clip.reading))</Gather>
                    """
                ),
                tellsCode: false
            )
        }
        var parts: [String] = []
        var tells = false
        while case .speak(let round) = command {
            tells = true
            let clips = CallFlow.clips(code, round: round)
            // One sentence for the digits: the pauses between them are the voice's own.
            let digits = clips.filter(\.isDigit).map { String($0.reading.dropLast()) }.joined(separator: "、")
            if clips.contains(.again) { parts.append(say(Clip.again.reading)) }
            parts.append(say(digits + "。"))
            parts.append("<Pause length=\"1\"/>")
            if clips.contains(.goodbye) { parts.append(say(Clip.goodbye.reading)) }
            command = flow.take(.spoken)
        }
        // Spoken to the end, the provider asks once more: so it is known that the code was told.
        let told = "<Redirect method=\"POST\">\(escape(account.toldAddress(key)))</Redirect>"
        return Step(text: document(parts.joined() + (tells ? told : "<Hangup/>")), tellsCode: tells)
    }

    /// The end of a call.
    public static let end = document("<Hangup/>")

    private static func document(_ content: String) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\(content)</Response>\n"
    }

    private static func say(_ text: String) -> String { "<Say language=\"ja-JP\">\(escape(text))</Say>" }

    private static func escape(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

extension Clip {
    /// Whether a digit of the code.
    var isDigit: Bool { if case .digit = self { true } else { false } }
}
