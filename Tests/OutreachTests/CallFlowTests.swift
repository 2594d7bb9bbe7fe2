import Testing

@testable import Outreach

/// The course of the call that tells a code.
struct CallFlowTests {
    /// A course: what happens, what is done, how it ends.
    struct Course: Sendable, CustomTestStringConvertible {
        let name: String
        let steps: [(CallFlow.Event, CallFlow.Command?)]
        let ending: CallFlow.Ending?
        var testDescription: String { name }

        init(_ name: String, _ steps: [(CallFlow.Event, CallFlow.Command?)], _ ending: CallFlow.Ending?) {
            self.name = name
            self.steps = steps
            self.ending = ending
        }
    }

    static let courses = [
        Course(
            "1 at the first question",
            [
                (.answered, .ask(.question)), (.key("1"), .speak(round: 1)), (.spoken, .speak(round: 2)),
                (.spoken, .hangUp),
            ],
            .heard
        ),
        Course(
            "1 at the second question",
            [
                (.answered, .ask(.question)), (.silence, .ask(.questionAgain)), (.key("1"), .speak(round: 1)),
                (.spoken, .speak(round: 2)), (.spoken, .hangUp),
            ],
            .heard
        ),
        Course(
            "another key, then 1",
            [(.answered, .ask(.question)), (.key("2"), .ask(.questionAgain)), (.key("1"), .speak(round: 1))],
            nil
        ),
        Course(
            "an answering machine",
            [(.answered, .ask(.question)), (.silence, .ask(.questionAgain)), (.silence, .hangUp)],
            .noKey
        ),
        Course(
            "two wrong keys",
            [(.answered, .ask(.question)), (.key("#"), .ask(.questionAgain)), (.key("0"), .hangUp)],
            .noKey
        ),
        Course("nobody answers", [(.hungUp, nil)], .notAnswered),
        Course("it rings too long", [(.overtime, .hangUp)], .notAnswered),
        Course("hung up before a key", [(.answered, .ask(.question)), (.hungUp, nil)], .hungUp),
        Course(
            "hung up before a key at the second question",
            [(.answered, .ask(.question)), (.silence, .ask(.questionAgain)), (.hungUp, nil)],
            .hungUp
        ),
        Course(
            "hung up while the code is spoken first",
            [(.answered, .ask(.question)), (.key("1"), .speak(round: 1)), (.hungUp, nil)],
            .heardPart(rounds: 0)
        ),
        Course(
            "hung up while the code is spoken again",
            [
                (.answered, .ask(.question)), (.key("1"), .speak(round: 1)), (.spoken, .speak(round: 2)),
                (.hungUp, nil),
            ],
            .heardPart(rounds: 1)
        ),
        Course(
            "keys while the code is spoken change nothing",
            [
                (.answered, .ask(.question)), (.key("1"), .speak(round: 1)), (.key("1"), nil), (.key("2"), nil),
                (.spoken, .speak(round: 2)), (.key("1"), nil), (.spoken, .hangUp),
            ],
            .heard
        ),
        Course("too long before a key", [(.answered, .ask(.question)), (.overtime, .hangUp)], .noKey),
        Course(
            "too long while it is spoken",
            [(.answered, .ask(.question)), (.key("1"), .speak(round: 1)), (.overtime, .hangUp)],
            .heardPart(rounds: 0)
        ),
        Course(
            "a key, silence or an end of speech before it was answered is nothing",
            [(.key("1"), nil), (.silence, nil), (.spoken, nil)],
            nil
        ),
        Course(
            "nothing after the end",
            [
                (.hungUp, nil), (.answered, nil), (.key("1"), nil), (.silence, nil), (.spoken, nil), (.overtime, nil),
            ],
            .notAnswered
        ),
        Course(
            "an end of speech and a second answer while a key is awaited are nothing",
            [(.answered, .ask(.question)), (.spoken, nil), (.answered, nil)],
            nil
        ),
    ]

    @Test(arguments: courses)
    func `each course is followed to its end`(_ course: Course) {
        var flow = CallFlow()
        for (event, command) in course.steps { #expect(flow.take(event) == command, "\(event)") }
        #expect(flow.ending == course.ending)
    }

    /// Every sequence of up to five events.
    @Test func `the code is spoken behind a 1 only, whatever happens`() {
        let events: [CallFlow.Event] = [.answered, .key("1"), .key("2"), .silence, .spoken, .hungUp, .overtime]
        var courses: [[CallFlow.Event]] = [[]]
        var seen = 0
        for _ in 0..<5 {
            courses = courses.flatMap { course in events.map { course + [$0] } }
            for course in courses {
                var flow = CallFlow()
                var isAllowed = false
                for event in course {
                    let wasAsking = flow.asked > 0
                    if wasAsking, event == .key("1") { isAllowed = true }
                    if case .speak(let round) = flow.take(event) {
                        #expect(isAllowed, "\(course)")
                        #expect((1...2).contains(round))
                        seen += 1
                    }
                }
            }
        }
        #expect(seen > 100)
    }

    @Test func `a provider that comes back finds the flow where it was`() {
        var first = CallFlow(asked: 0)
        #expect(first.take(.answered) == .ask(.question))
        var second = CallFlow(asked: 1)
        #expect(second.take(.silence) == .ask(.questionAgain))
        var last = CallFlow(asked: 2)
        #expect(last.take(.silence) == .hangUp)
        // Whoever writes another number into the address gets no third question.
        var forged = CallFlow(asked: 900)
        #expect(forged.take(.key("5")) == .hangUp)
    }

    @Test func `the code is spoken digit by digit, and the second time is announced`() throws {
        let code = try #require(SecretDigits("011597"))
        let digits: [Clip] = [.digit(0), .digit(1), .digit(1), .digit(5), .digit(9), .digit(7)]
        #expect(CallFlow.clips(code, round: 1) == digits)
        #expect(CallFlow.clips(code, round: 2) == [.again] + digits + [.goodbye])
    }

    @Test func `digits print nothing of themselves`() throws {
        let code = try #require(SecretDigits("482916"))
        var dumped = ""
        dump(code, to: &dumped)
        let printed = "\(code) \(String(reflecting: code)) \(dumped) \([code]) \(Optional(code) as Any)"
        #expect(!printed.contains("4") && !printed.contains("82"))
        let outgoing = Outgoing(
            key: "k",
            medium: .call,
            to: try Destination.read("090-1234-5678").get(),
            code: code,
            lifetime: 300
        )
        #expect(!"\(outgoing)".contains("482916"))
    }

    @Test(arguments: [
        ("HER-SYSです。ワンタイムパスワードは 4 8 2 9 1 6 です。5分以内に入力してください。", "482916"),
        ("ワンタイムパスワードは482916です。", "482916"), ("482916", "482916"), ("123456と654321", nil),
        ("1234567", nil), ("5分以内", nil), ("", nil), ("4 8 2 9 1", nil),
    ])
    func `six digits are found in a message's text`(_ text: String, _ digits: String?) {
        #expect(SecretDigits(in: text) == digits.flatMap { SecretDigits($0) })
    }
}
