import Testing

@testable import Outreach

/// Which numbers are called at all.
struct DestinationTests {
    @Test(arguments: [
        ("03-1234-5678", "+81312345678", false), ("0422-12-3456", "+81422123456", false),
        ("0460-85-1234", "+81460851234", false), ("0980-52-1234", "+81980521234", false),
        ("050-1234-5678", "+815012345678", false), ("060-1234-5678", "+816012345678", true),
        ("070-1234-5678", "+817012345678", true), ("080-1234-5678", "+818012345678", true),
        ("０９０−１２３４−５６７８", "+819012345678", true), ("+81 90-1234-5678", "+819012345678", true),
        ("03-1234-5678 内線12", "+81312345678", false), ("060-0123-4567", "+816001234567", true),
    ])
    func `numbers that a person in Japan answers are called`(_ text: String, _ e164: String, _ isMobile: Bool) throws {
        let destination = try Destination.read(text).get()
        #expect(destination.e164 == e164)
        #expect(destination.isMobile == isMobile)
        #expect(destination.national.hasPrefix("0"))
    }

    @Test(arguments: [
        ("110", Destination.Blocked.emergency), ("118", .emergency), ("119", .emergency), ("１１９", .emergency),
        ("0990-12-3456", .service), ("0570-012-345", .service), ("0180-12-3456", .service),
        ("0170-12-3456", .service), ("0910-12-3456", .service), ("0120-123-456", .freephone),
        ("0800-123-4567", .freephone), ("020-123-4567", .machine), ("020-1234-5678", .form),
        ("+1 202-555-0100", .international),
        ("+44 20 7946 0000", .international), ("010-1-202-555-0100", .form), ("0035-1234-5678", .form),
        ("040-1234-5678", .form), ("090-1234-567", .form), ("03-1234-567", .form), ("", .form), ("電話なし", .form),
        ("184-090-1234-5678", .form), ("186 03-1234-5678", .form),
    ])
    func `whatever costs, helps others or leaves the country is blocked`(
        _ text: String,
        _ reason: Destination.Blocked
    ) {
        guard case .failure(let blocked) = Destination.read(text) else {
            Issue.record("\(text) would be called")
            return
        }
        #expect(blocked == reason)
    }
}
