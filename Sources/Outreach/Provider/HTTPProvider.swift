import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Calls and SMS through a provider over HTTP (Twilio's conventions).
///
/// What it has taken isn't delivered: that is told later, by its reports. Tried again is only what certainly nobody has
/// taken, each time with the same key.
public struct HTTPProvider: Driver {
    /// What the ledger calls it.
    public let name = "provider"
    /// Both.
    public let media: Set<Medium> = [.call, .sms]
    /// As the account says.
    public var places: Int { account.places }

    private let account: ProviderAccount
    private let client: HTTPClient
    private let tell: @Sendable (OutreachNote) -> Void

    /// A provider.
    public init(_ account: ProviderAccount, tell: @escaping @Sendable (OutreachNote) -> Void) {
        self.account = account
        self.tell = tell
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        // Never by itself: what is tried again is decided here.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        client = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    /// Keeps the connections until the end.
    public func run() async {
        await untilCancelled()
        try? await client.shutdown()
    }

    /// Hands a message to the provider.
    public func send(_ message: Outgoing) async -> Attempted {
        let what = message.medium == .call ? "Calls" : "Messages"
        var request = HTTPClientRequest(
            url: "\(account.address)/2010-04-01/Accounts/\(account.account)/\(what).json"
        )
        request.method = .POST
        let credentials = Data("\(account.account):\(account.token)".utf8).base64EncodedString()
        request.headers.add(name: "Authorization", value: "Basic \(credentials)")
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "Idempotency-Key", value: message.key)
        request.body = .bytes(ByteBuffer(string: Self.encode(Self.fields(message, account))))
        do {
            let response = try await client.execute(request, timeout: .seconds(15))
            let body = try await response.body.collect(upTo: 65_536)
            let answered = Self.meaning(Int(response.status.code), Array(body.readableBytesView))
            if answered.outcome == .failed, let cause = answered.cause {
                tell(.refused(driver: name, cause: cause))
            }
            return answered
        } catch {
            return Self.meaning(of: error)
        }
    }

    /// The form that is sent.
    static func fields(_ message: Outgoing, _ account: ProviderAccount) -> [(name: String, value: String)] {
        let common = [
            (name: "To", value: message.to.e164), (name: "From", value: account.from),
            (name: "StatusCallback", value: account.statusAddress(message.key)),
        ]
        switch message.medium {
        case .call:
            return common + [
                (name: "Url", value: account.voiceAddress(message.key, asked: 0)), (name: "Method", value: "POST"),
                (name: "StatusCallbackMethod", value: "POST"),
                (name: "StatusCallbackEvent", value: "initiated"), (name: "StatusCallbackEvent", value: "ringing"),
                (name: "StatusCallbackEvent", value: "answered"), (name: "StatusCallbackEvent", value: "completed"),
                (name: "Timeout", value: "\(account.ringing)"), (name: "TimeLimit", value: "\(account.longest)"),
            ]
        case .sms:
            return common + [
                (name: "Body", value: ShortText.code(message.code)),
                (name: "ValidityPeriod", value: "\(max(1, message.lifetime))"),
            ]
        }
    }

    // MARK: Answers

    private struct Answer: Decodable {
        let sid: String?
        let code: Int?
    }

    /// What the provider's answer means.
    ///
    /// Its text is passed over: it may name the number.
    static func meaning(_ status: Int, _ body: [UInt8]) -> Attempted {
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(body))
        let cause = answer?.code.map { "code-\($0)" } ?? "http-\(status)"
        switch status {
        case 200...299:
            return Attempted(.accepted, reference: ProviderReport.plain(answer?.sid))
        case 429, 500, 503: return Attempted(.postponed, cause: cause)
        // A gateway of theirs doesn't know whether the message went through behind it.
        case 501...599: return Attempted(.unknown, cause: cause)
        default: break
        }
        return switch answer?.code {
        case 21_211, 21_214, 21_217, 21_401, 21_614, 21_635: Attempted(.wrongNumber, cause: cause)
        case 21_610: Attempted(.declined, cause: cause)
        case 20_429: Attempted(.postponed, cause: cause)
        default: Attempted(.failed, cause: cause)
        }
    }

    /// What a broken connection means: only where none was made nobody has taken the message.
    static func meaning(of error: any Error) -> Attempted {
        if error is NIOConnectionError { return Attempted(.postponed, cause: "no-connection") }
        if let failure = error as? HTTPClientError, failure == .connectTimeout {
            return Attempted(.postponed, cause: "no-connection")
        }
        return Attempted(.unknown, cause: "no-answer")
    }

    /// A form as `application/x-www-form-urlencoded`.
    static func encode(_ fields: [(name: String, value: String)]) -> String {
        func escaped(_ text: String) -> String {
            text.utf8.map { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: String(UnicodeScalar(byte))
                default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
                }
            }.joined()
        }
        return fields.map { "\(escaped($0.name))=\(escaped($0.value))" }.joined(separator: "&")
    }
}
