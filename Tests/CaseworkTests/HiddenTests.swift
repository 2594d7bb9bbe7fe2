import Access
import Casework
import Catalogue
import Storage
import Testing

/// What answers must not tell besides the values they leave out.
@Suite struct HiddenTests {
    @Test func `a page after a case that isn't one's own tells nothing, whether or not it exists`() async throws {
        let office = try await Office()
        let own = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let hidden = try await office.casework.notify(Office.report(), by: office.caller("med-2")).subject.number
        let none = try #require(CaseNumber(payload: 77))
        for order in [CaseQuery.Order.newest, .updated] {
            for after in [hidden, none] {
                var request = ListRequest()
                request.after = after
                request.order = order
                #expect(try await office.casework.list(request, by: office.caller("med-1")).rows.isEmpty)
            }
        }
        var request = ListRequest()
        request.limit = 1
        #expect(try await office.casework.list(request, by: office.caller("med-1")).rows.map(\.subject.number) == [own])
    }

    @Test func `an institution can't narrow its list to another's reports`() async throws {
        let office = try await Office()
        _ = try await office.casework.notify(Office.report(), by: office.caller("med-1"))
        var request = ListRequest()
        request.reporter = "med-1"
        #expect(try await office.casework.list(request, by: office.caller("med-1")).rows.count == 1)
        #expect(try await office.casework.list(request, by: office.caller("hc-13104")).rows.count == 1)
        #expect(try await office.casework.list(request, by: office.caller("fol-1")).rows.isEmpty)
    }

    @Test func `candidates for a duplicate are readings of the cases shown`() async throws {
        let office = try await Office()
        func readings() async throws -> Int64 {
            try await office.engine.read { try $0.number("SELECT count(*) FROM readings") ?? 0 }
        }
        let clinic = try office.caller("med-1")
        _ = try await office.casework.notify(Office.report(), by: clinic)
        let number = try await office.casework.notify(Office.report(), by: clinic).subject.number
        let before = try await readings()
        #expect(try await office.casework.similar(to: number, by: office.caller("hc-13104")).count == 1)
        #expect(try await readings() == before + 1)
    }

    @Test func `an address that many share isn't locked by a few slips a day`() async throws {
        let office = try await SignInTests.office()
        func slip(_ index: Int) async -> Bool {
            do {
                _ = try await office.casework.signIn(
                    login: "nobody\(index)",
                    password: "wrong-password-1",
                    address: "198.51.100.9",
                    returnTo: "/"
                )
            } catch Refusal.tooMany {
                return true
            } catch {
                return false
            }
            return false
        }
        for index in 0..<120 {
            #expect(await slip(index) == false)
            office.clock.advance(61)
        }
        var locked = false
        for index in 200..<260 where !locked { locked = await slip(index) }
        #expect(locked)
    }
}
