import Foundation
import Testing

@testable import Outreach

/// What passes between us and a provider over HTTP.
struct ProviderTests {
    static let account = ProviderAccount(
        address: "https://api.example.com",
        account: "AC1",
        token: "12345",
        from: "+815000000000",
        callback: "https://hersys.example.jp"
    )

    private static let published = [
        (name: "CallSid", value: "CA1234567890ABCDE"), (name: "Caller", value: "+12349013030"),
        (name: "Digits", value: "1234"), (name: "From", value: "+12349013030"), (name: "To", value: "+18005551212"),
    ]

    @Test func `the provider's own example of a signature comes out`() {
        let address = "https://mycompany.com/myapp.php?foo=1&bar=2"
        let signature = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
        #expect(ProviderSignature.make(address, Self.published, token: "12345") == signature)
        #expect(ProviderSignature.isRight(signature, of: address, Self.published.reversed(), token: "12345"))
        let withPort = "https://mycompany.com:443/myapp.php?foo=1&bar=2"
        #expect(ProviderSignature.isRight(signature, of: withPort, Self.published, token: "12345"))
    }

    @Test func `a signature is of one address, one form and one secret`() {
        let address = "https://mycompany.com/myapp.php?foo=1&bar=2"
        let signature = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
        var changed = Self.published
        changed[2].value = "1235"
        #expect(!ProviderSignature.isRight(signature, of: address, changed, token: "12345"))
        #expect(!ProviderSignature.isRight(signature, of: address + "3", Self.published, token: "12345"))
        #expect(!ProviderSignature.isRight(signature, of: address, Self.published, token: "12346"))
        #expect(!ProviderSignature.isRight(signature, of: address, Array(Self.published.dropLast()), token: "12345"))
        for wrong in ["", "=", "0/KCTR6DLpKmkAf8muzZqo1nDgQ", "AAAA"] {
            #expect(!ProviderSignature.isRight(wrong, of: address, Self.published, token: "12345"))
        }
        // An account without a secret would let everybody in.
        let empty = ProviderSignature.make(address, Self.published, token: "")
        #expect(!ProviderSignature.isRight(empty, of: address, Self.published, token: ""))
    }

    @Test func `the question is asked before anything else`() throws {
        let code = try #require(SecretDigits("482916"))
        let step = VoiceDocument.step("k", asked: 0, digits: "1", code: code, account: Self.account)
        #expect(!step.tellsCode)
        #expect(step.text.contains("<Gather "))
        #expect(step.text.contains("ハーシスのワンタイムパスワードです。"))
        #expect(step.text.contains(#"action="https://hersys.example.jp/outreach/voice/k?asked=1""#))
        for digit in ["ヨン", "ハチ", "ニー", "キュー", "ロク"] { #expect(!step.text.contains(digit)) }
    }

    @Test func `behind a 1 the code is told twice, and then we are asked once more`() throws {
        let code = try #require(SecretDigits("482916"))
        let step = VoiceDocument.step("k", asked: 1, digits: "1", code: code, account: Self.account)
        #expect(step.tellsCode)
        #expect(step.text.components(separatedBy: "ヨン、ハチ、ニー、キュー、イチ、ロク。").count == 3)
        #expect(step.text.contains("?told=1</Redirect></Response>"))
        #expect(!step.text.contains("<Gather"))
    }

    @Test(arguments: [(1, "", true), (1, "2", true), (2, "", false), (2, "9", false), (7, "#", false)])
    func `whoever doesn't press 1 is asked once more and hears no code`(
        _ asked: Int,
        _ digits: String,
        _ isAsked: Bool
    ) throws {
        let code = try #require(SecretDigits("482916"))
        let step = VoiceDocument.step("k", asked: asked, digits: digits, code: code, account: Self.account)
        #expect(!step.tellsCode)
        #expect(step.text.contains("<Gather ") == isAsked)
        #expect(step.text.contains("<Hangup/>") == !isAsked)
    }

    @Test func `without a code there is nothing but the end`() {
        let step = VoiceDocument.step("k", asked: 1, digits: "1", code: nil, account: Self.account)
        #expect(step.text == VoiceDocument.end)
        #expect(!step.tellsCode)
    }

    @Test(arguments: [
        (["CallStatus": "queued"], Outcome.accepted), (["CallStatus": "ringing"], .underway),
        (["CallStatus": "in-progress"], .answered), (["CallStatus": "completed"], .noKey),
        (["CallStatus": "busy"], .busy), (["CallStatus": "no-answer"], .noAnswer),
        (["CallStatus": "failed"], .failed), (["CallStatus": "failed", "SipResponseCode": "404"], .wrongNumber),
        (["CallStatus": "canceled"], .failed), (["MessageStatus": "queued"], .accepted),
        (["MessageStatus": "sent"], .underway), (["MessageStatus": "delivered"], .delivered),
        (["MessageStatus": "undelivered"], .undelivered), (["MessageStatus": "failed"], .failed),
        (["SmsStatus": "delivered"], .delivered), (["MessageStatus": "what-is-this"], .accepted),
    ])
    func `a report means`(_ fields: [String: String], _ outcome: Outcome) {
        #expect(ProviderReport(fields)?.attempted.outcome == outcome)
    }

    @Test func `sent isn't delivered, and taken isn't sent`() {
        #expect(Outcome.accepted.rank < Outcome.underway.rank)
        #expect(!Outcome.accepted.isFinal && !Outcome.underway.isFinal && Outcome.delivered.isFinal)
        #expect(ProviderReport(["Body": "x"]) == nil)
    }

    @Test(arguments: [
        (201, #"{"sid":"CA1","status":"queued"}"#, Outcome.accepted, ""), (200, "{}", .accepted, ""),
        (429, #"{"code":20429,"message":"Too Many Requests"}"#, .postponed, "code-20429"),
        (500, "", .postponed, "http-500"), (503, "x", .postponed, "http-503"), (502, "", .unknown, "http-502"),
        (504, "", .unknown, "http-504"), (400, #"{"code":21211}"#, .wrongNumber, "code-21211"),
        (400, #"{"code":21610}"#, .declined, "code-21610"), (400, #"{"code":21614}"#, .wrongNumber, "code-21614"),
        (401, #"{"code":20003}"#, .failed, "code-20003"), (403, "<html>", .failed, "http-403"),
        (302, "", .failed, "http-302"),
    ])
    func `the provider's answer means`(_ status: Int, _ body: String, _ outcome: Outcome, _ cause: String) {
        let attempted = HTTPProvider.meaning(status, Array(body.utf8))
        #expect(attempted.outcome == outcome)
        #expect((attempted.cause ?? "") == cause)
    }

    @Test func `what may have been taken isn't tried again`() {
        struct Broken: Error {}
        #expect(HTTPProvider.meaning(of: Broken()).outcome == .unknown)
    }

    @Test func `an SMS fits one part and lives no longer than its code`() throws {
        let code = try #require(SecretDigits("482916"))
        let text = ShortText.code(code)
        #expect(text.utf16.count <= ShortText.most)
        #expect(text.contains("482916"))
        let outgoing = Outgoing(
            key: "k",
            medium: .sms,
            to: try Destination.read("090-1234-5678").get(),
            code: code,
            lifetime: 240
        )
        let fields = HTTPProvider.fields(outgoing, Self.account)
        #expect(fields.contains { $0.name == "ValidityPeriod" && $0.value == "240" })
        #expect(fields.contains { $0.name == "To" && $0.value == "+819012345678" })
        #expect(
            fields.contains { $0.name == "StatusCallback" && $0.value == "https://hersys.example.jp/outreach/status/k" }
        )
    }

    @Test func `a call's form holds no code`() throws {
        let outgoing = Outgoing(
            key: "k",
            medium: .call,
            to: try Destination.read("03-1234-5678").get(),
            code: try #require(SecretDigits("482916")),
            lifetime: 240
        )
        let text = HTTPProvider.encode(HTTPProvider.fields(outgoing, Self.account))
        #expect(!text.contains("482916"))
        #expect(text.contains("Url=https%3A%2F%2Fhersys.example.jp%2Foutreach%2Fvoice%2Fk%3Fasked%3D0"))
        #expect(text.contains("To=%2B81312345678"))
    }
}
