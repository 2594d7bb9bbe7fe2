import Testing

@testable import Outreach

/// What passes between us and the telephone engine.
struct LineTests {
    private static func frames(_ chunks: [String]) throws -> [String] {
        var reader = NetstringReader()
        var found: [String] = []
        for chunk in chunks {
            reader.append(Array(chunk.utf8))
            while let frame = try reader.next() { found.append(String(decoding: frame, as: UTF8.self)) }
        }
        return found
    }

    @Test(arguments: [
        (["5:hello,"], ["hello"]), (["5:he", "llo,3:a:b", ","], ["hello", "a:b"]), (["0:,0:,"], ["", ""]),
        (["1", "2", ":hello world!", ","], ["hello world!"]), (["6:電話,"], ["電話"]), (["3:abc"], []), ([""], []),
    ])
    func `frames are read whole, however they come`(_ chunks: [String], _ frames: [String]) throws {
        #expect(try Self.frames(chunks) == frames)
    }

    @Test(arguments: ["x:abc,", "3:abcd", "-1:,", "99999999", "70000:a", ":a,", "123456789012:"])
    func `what isn't frames is refused`(_ text: String) {
        #expect(throws: NetstringReader.Malformed.self) { try Self.frames([text]) }
    }

    @Test(arguments: [
        (#"{"response":true,"ok":true,"data":"","token":"7"}"#, EngineEvent.answer(token: "7", isOK: true)),
        (#"{"response":true,"ok":false,"data":"x","token":"8"}"#, .answer(token: "8", isOK: false)),
        (#"{"event":true,"type":"CALL_RINGING","direction":"outgoing","param":"sip:x"}"#, .ringing),
        (#"{"event":true,"type":"CALL_ESTABLISHED","direction":"outgoing","param":"sip:x"}"#, .established),
        (#"{"event":true,"type":"CALL_DTMF_START","direction":"outgoing","param":"1"}"#, .key("1")),
        (#"{"event":true,"type":"CALL_DTMF_END","direction":"outgoing","param":"1"}"#, .other),
        (
            #"{"event":true,"type":"CALL_CLOSED","direction":"outgoing","param":"486 Busy Here"}"#,
            .closed("486 Busy Here")
        ),
        (#"{"event":true,"type":"CALL_INCOMING","direction":"incoming","param":"sip:x"}"#, .incoming),
        (#"{"event":true,"type":"CALL_CLOSED","direction":"incoming","param":""}"#, .other),
        (#"{"event":true,"type":"CALL_DTMF_START","direction":"incoming","param":"1"}"#, .other),
        (#"{"event":true,"type":"REGISTER_FAIL","param":"401 Unauthorized"}"#, .registrationFailed("401 Unauthorized")),
        ("not json", .other), ("[]", .other),
    ])
    func `what the engine says is understood`(_ text: String, _ event: EngineEvent) {
        #expect(EngineEvent(Array(text.utf8)) == event)
    }

    @Test(arguments: [
        ("486 Busy Here", Outcome.busy), ("600 Busy Everywhere", .busy), ("480 Temporarily Unavailable", .noAnswer),
        ("408 Request Timeout", .noAnswer), ("603 Decline", .declined), ("403 Forbidden", .declined),
        ("404 Not Found", .wrongNumber), ("410 Gone", .wrongNumber), ("484 Address Incomplete", .wrongNumber),
        ("503 Service Unavailable", .postponed), ("500 Server Internal Error", .postponed),
        ("407 Proxy Authentication Required", .failed), ("401 Unauthorized", .failed), ("488 Not Acceptable", .failed),
        ("Connection timed out", .failed), ("Connection reset by peer", .failed), ("", .failed),
    ])
    func `the line's answer says who is to blame`(_ reason: String, _ outcome: Outcome) {
        #expect(Attempted.unanswered(reason, gaveUp: false).outcome == outcome)
        // Ended by us, it has rung.
        #expect(Attempted.unanswered(reason, gaveUp: true).outcome == .noAnswer)
    }

    @Test func `a lost engine is never said to be an unanswered call`() {
        #expect(Outcome.engineLost.isFinal)
        #expect(Outcome.engineLost != .noAnswer)
    }

    @Test func `each line has ports of its own and takes commands from this machine only`() {
        let trunk = Trunk(host: "trunk.example.jp", caller: "0312345678", lines: 50)
        var ports: Set<Int> = []
        for line in 0..<50 {
            let text = trunk.configuration(line: line, silence: "/tmp/s.wav")
            #expect(text.contains("ctrl_tcp_listen 127.0.0.1:\(trunk.controlPort(line: line))\n"))
            for port in [trunk.port(line: line), trunk.port(line: line) + 1, trunk.controlPort(line: line)] {
                #expect(ports.insert(port).inserted)
            }
        }
    }

    @Test(arguments: ["a b", "a;regint=1", "a\"", "a\n", "a>", "<a", "a,b", "ä", "a\\"])
    func `what would become a setting of the engine isn't taken`(_ text: String) {
        #expect(!Trunk.isPlain(text))
        #expect(Trunk.isPlain("Geheim-2022_!#$%"))
    }

    @Test func `a command fits what the engine takes`() {
        let longest = Clip.all.map { "/tmp/hersys-XXXXXX/\($0.name).wav" }.max { $0.utf8.count < $1.utf8.count } ?? ""
        #expect(EngineEvent.command("ausrc", "aufile,\(longest)", token: "1000000").utf8.count <= 255)
    }
}

/// Speech.
struct SoundTests {
    /// A tone as a voice's file of 48 kHz.
    private static func tone(_ hertz: Double, seconds: Double = 0.5) -> [UInt8] {
        var turn = 0.0
        let samples = (0..<Int(48_000 * seconds)).map { _ -> Int16 in
            turn += hertz / 48_000
            return Int16(20_000 * (turn - turn.rounded(.down) < 0.5 ? 1.0 : -1.0))
        }
        var file = Sound(samples: samples).file
        file.replaceSubrange(24..<28, with: [0x80, 0xBB, 0, 0])
        return file
    }

    @Test func `a voice's file becomes one that telephones carry`() throws {
        let sound = try #require(Sound(voice: Self.tone(500)))
        #expect((0.45...0.65).contains(Double(sound.samples.count) / 8000))
        #expect((15_000...16_500).contains(sound.samples.map { abs(Int($0)) }.max() ?? 0))
        let read = try #require(Sound.read(sound.file))
        #expect(read.rate == 8000)
        #expect(read.samples == sound.samples)
    }

    @Test func `what telephones can't carry is gone, not heard as another tone`() throws {
        // A tone of 6 kHz would be heard at 2 kHz. Its beginning and end are clicks; between them nothing is left.
        let sound = try #require(Sound(voice: Self.tone(6000)))
        let middle = sound.samples.count / 2
        #expect(sound.samples[(middle - 500)..<(middle + 500)].allSatisfy { abs(Int($0)) < 300 })
        let low = try #require(Sound(voice: Self.tone(500)))
        let centre = low.samples.count / 2
        #expect(low.samples[(centre - 500)..<(centre + 500)].contains { abs(Int($0)) > 10_000 })
    }

    @Test(arguments: [[], Array("RIFF".utf8), [UInt8](repeating: 0, count: 100)])
    func `what isn't a sound is none`(_ bytes: [UInt8]) {
        #expect(Sound.read(bytes) == nil)
        #expect(Sound(voice: bytes) == nil)
    }

    @Test func `behind each sound there is silence, for at the end of a file the engine hangs up`() {
        let sound = Sound(samples: [1, 2, 3]).padded(seconds: 2)
        #expect(sound.samples.count == 16_003)
        #expect(sound.samples.suffix(16_000).allSatisfy { $0 == 0 })
    }
}
