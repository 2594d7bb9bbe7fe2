import Catalogue
public import Outreach
public import Storage

extension Casework {
    /// The latest attempts to reach somebody (発信記録), newest first.
    public func outreachAttempts(most: Int) async throws -> [Attempt] {
        let attempts = attempts
        return try await engine.read { try attempts.latest(most, $0) }
    }

    /// What a provider that calls for us is to say next; it asks after each step of the call.
    ///
    /// The code is told once, while its message is under way and of use: whoever asks again with the same signed
    /// question hears nothing.
    ///
    /// - Parameters:
    ///   - key: the message's key, from our own address.
    ///   - asked: how often the question was played, from our own address.
    ///   - isTold: whether the provider has spoken everything.
    ///   - digits: what was pressed.
    ///   - reference: the provider's number of the call.
    ///   - account: the provider.
    /// - Returns: the document for the provider.
    /// - Throws: ``Refusal/notFound`` for a key that names no call.
    public func voiceStep(
        _ key: String,
        asked: Int,
        isTold: Bool,
        digits: String,
        reference: String,
        account: ProviderAccount
    ) async throws -> String {
        let (attempts, now) = (attempts, clock())
        return try await engine.write { connection in
            guard let attempt = try attempts.find(key: key, connection), attempt.kind == Medium.call.rawValue,
                attempt.driver == "provider", Self.belongs(reference, to: attempt)
            else { throw Refusal.notFound }
            if isTold {
                if attempt.outcome == Outcome.speaking.rawValue {
                    try attempts.report(
                        attempt,
                        AttemptNews(Attempted(.heard, reference: reference)),
                        at: now,
                        connection
                    )
                }
                return VoiceDocument.end
            }
            let message = try attempts.message(of: attempt, connection)
            let isOfUse = message.map { now.seconds < $0.at.seconds + Dispatcher.lifetime } ?? false
            let code: SecretDigits? =
                if let message, isOfUse, attempt.rank < Outcome.speaking.rank {
                    SecretDigits(message.code) ?? SecretDigits(in: message.text)
                } else { nil }
            let step = VoiceDocument.step(key, asked: asked, digits: digits, code: code, account: account)
            try attempts.report(
                attempt,
                AttemptNews(Attempted(step.tellsCode ? .speaking : .answered, reference: reference)),
                at: now,
                connection
            )
            return step.text
        }
    }

    /// What a provider tells of a call or a message; twice, late and out of order are all right.
    ///
    /// - Throws: ``Refusal/notFound`` for a key that names nothing.
    public func providerReport(_ key: String, _ report: ProviderReport) async throws {
        let (attempts, now) = (attempts, clock())
        try await engine.write { connection in
            guard let attempt = try attempts.find(key: key, connection), attempt.driver == "provider",
                Self.belongs(report.reference, to: attempt)
            else { throw Refusal.notFound }
            var attempted = report.attempted
            if attempted.outcome == .noKey, attempt.outcome == Outcome.speaking.rawValue {
                // 1 was pressed and the code begun, and the provider never came to the end of it.
                attempted.outcome = .heardPart
            } else if attempted.outcome == .noKey, attempt.rank < Outcome.answered.rank {
                // Completed, and it never asked what to say.
                attempted.outcome = .hungUp
            }
            try attempts.report(attempt, AttemptNews(attempted), at: now, connection)
        }
    }

    private static func belongs(_ reference: String, to attempt: Attempt) -> Bool {
        reference.isEmpty || attempt.reference.isEmpty || attempt.reference == reference
    }
}
