import Catalogue
import Testing

@testable import Web

/// Numbers that no calculation holds.
@Suite struct GeneralLimitTests {
    @Test(arguments: [
        "1e-9223372036854775808", "1e9223372036854775807", "1e99999999999999999999", "1e-21", "1e21",
    ])
    func `a number with such an exponent is none`(text: String) {
        #expect(JSON.plain(text) == nil)
    }

    @Test(arguments: ["9223372036854775807", "9223372036854775808", "-1", "30", "999"])
    func `a row of that number is none`(row: String) {
        #expect(ItemForm(["tests.\(row).method": "pcr"]).testRows == 0)
        #expect(ItemForm(["tests.\(row).method": "pcr", "tests.2.method": "pcr"]).testRows == 3)
    }
}
