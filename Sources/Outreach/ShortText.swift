/// The text of an SMS that tells a code.
enum ShortText {
    /// UTF-16 units that one SMS holds in Japanese; more is cut into parts, which old telephones don't put together.
    static let most = 70

    /// The text; the digits stand together, so that a telephone offers them for the field.
    static func code(_ code: SecretDigits) -> String {
        "HER-SYSのワンタイムパスワードは\(code.text)です。5分以内に入力してください。誰にも教えないでください。"
    }
}
