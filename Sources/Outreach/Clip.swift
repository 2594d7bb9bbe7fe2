/// A piece of speech that is made once and played in any order; the code is spoken as a sequence of digits, so that no
/// sound file ever holds one.
public enum Clip: Sendable, Hashable {
    /// Who calls, and which key to press.
    case question
    /// The same once more, to who has pressed nothing or another key.
    case questionAgain
    /// A digit, 0…9.
    case digit(Int)
    /// Before the code is said for the second time.
    case again
    /// The end of the call.
    case goodbye

    /// Every piece there is.
    public static let all: [Clip] = [.question, .questionAgain, .again, .goodbye] + (0...9).map { .digit($0) }

    /// What is said, as one writes it.
    public var text: String {
        switch self {
        case .question: "HER-SYSのワンタイムパスワードです。番号をお聞きになる方は、1を押してください。"
        case .questionAgain: "番号をお聞きになる方は、1を押してください。"
        case .digit(let value): String(value)
        case .again: "もう一度、お伝えします。"
        case .goodbye: "以上です。失礼します。"
        }
    }

    /// What is said, as it is given to a voice: written otherwise where voices misread it.
    ///
    /// Open JTalk reads HER-SYS letter by letter and お聞きになる方 as ホウ; digits by themselves are too short to hear.
    public var reading: String {
        switch self {
        case .question: "ハーシスのワンタイムパスワードです。番号をお聞きになるかたは、1を押してください。"
        case .questionAgain: "番号をお聞きになるかたは、1を押してください。"
        case .digit(let value): Self.digits.indices.contains(value) ? Self.digits[value] + "。" : ""
        case .again, .goodbye: text
        }
    }

    private static let digits = ["ゼロ", "イチ", "ニー", "サン", "ヨン", "ゴー", "ロク", "ナナ", "ハチ", "キュー"]

    /// A short name for a file.
    var name: String {
        switch self {
        case .question: "question"
        case .questionAgain: "question-again"
        case .digit(let value): "digit-\(value)"
        case .again: "again"
        case .goodbye: "goodbye"
        }
    }
}
