import Catalogue
import Testing

@Suite struct CodesTests {
    @Test(arguments: ["100-8916", "1008916", "〒100-8916", "〒１００－８９１６", "100ー8916", " 100 8916 "])
    func `a postal code is read`(text: String) {
        #expect(PostalCode.read(text).value == "1008916")
        #expect(PostalCode.display("1008916") == "100-8916")
    }

    @Test(arguments: [
        ("100-891", "length"), ("10089160", "length"), ("", "empty"), ("〒", "empty"), ("100-891a", "character"),
    ])
    func `what is no postal code is refused`(text: String, code: String) {
        #expect(PostalCode.read(text).code == code)
    }

    @Test(arguments: [
        ("131041", "131041"), ("13104", "131041"), ("01100", "011002"), ("27100", "271004"), ("10006", "010006"),
        ("１３１０４１", "131041"),
        ("10000", "100005"), ("131-041", "131041"), ("11002", "011002"),
    ])
    func `a municipality is read with and without its check digit`(text: String, code: String) {
        #expect(MunicipalityCode.read(text).value == code)
    }

    @Test(arguments: [
        ("131042", "check_digit"), ("481041", "format"), ("001041", "format"), ("99999", "format"), ("1310", "length"),
        ("1310411", "length"),
        ("千代田区", "character"), ("", "empty"),
    ])
    func `what is no municipality is refused`(text: String, code: String) {
        #expect(MunicipalityCode.read(text).code == code)
    }

    @Test func `five digits that can be read in two ways are refused and rare`() {
        var ambiguous = 0
        var whole = 0
        for prefecture in 10...47 {
            for body in [0] + Array(100...699) {
                let five = "\(prefecture)" + String(String(body + 1000).dropFirst())
                let read = MunicipalityCode.read(five)
                if read.code == "ambiguous" {
                    ambiguous += 1
                } else if read.value?.hasPrefix(five) == true {
                    whole += 1
                }
            }
        }
        #expect(ambiguous + whole == 38 * 601)
        #expect(ambiguous * 14 < whole)
        #expect(MunicipalityCode.checkDigit("1310") == nil)
        #expect(MunicipalityCode.checkDigit("1310a") == nil)
        #expect(MunicipalityCode.prefecture("131041") == "13")
    }

    @Test func `an institution is read with its check digit`() throws {
        let digit = try #require(InstitutionCode.checkDigit("131234567"))
        #expect(digit == 9)
        #expect(InstitutionCode.read("1312345679").value == "1312345679")
        #expect(InstitutionCode.read("13-1-2345679").value == "1312345679")
        for wrong in 0...9 where wrong != digit {
            #expect(InstitutionCode.read("131234567\(wrong)").code == "check_digit")
        }
        #expect(InstitutionCode.read("4811234567").code == "format")
        #expect(InstitutionCode.read("1301234567").code == "format")
        #expect(InstitutionCode.read("131234567").code == "length")
    }

    @Test(arguments: [0, 1, 57_213_468_900, 99_999_999_999] as [Int64])
    func `a HER-SYS ID is read however it is grouped`(payload: Int64) throws {
        let number = try #require(CaseNumber(payload: payload))
        let digits = number.digits
        #expect(digits.count == 12)
        #expect(number.description == digits)
        #expect(number.display.split(separator: "-").map(\.count) == [4, 4, 4])
        for text in [digits, number.display, " \(digits.prefix(6)) \(digits.suffix(6))\u{200B}"] {
            #expect(CaseNumber.read(text).value == number)
        }
    }

    @Test func `every wrong digit and every swap of neighbours in a HER-SYS ID is caught`() throws {
        var generator = SeededGenerator(seed: 1)
        var missed: [String] = []
        for _ in 0..<300 {
            let number = try #require(CaseNumber(payload: Int64.random(in: 0..<100_000_000_000, using: &generator)))
            let digits = Array(number.digits)
            for place in digits.indices {
                for other in "0123456789" where other != digits[place] {
                    var wrong = digits
                    wrong[place] = other
                    if CaseNumber.read(String(wrong)).code != "check_digit" { missed.append(String(wrong)) }
                }
                guard place > 0, digits[place] != digits[place - 1] else { continue }
                var wrong = digits
                wrong.swapAt(place, place - 1)
                if CaseNumber.read(String(wrong)).code != "check_digit" { missed.append(String(wrong)) }
            }
        }
        #expect(missed == [])
    }

    @Test func `a HER-SYS ID has eleven digits of its own`() throws {
        #expect(CaseNumber(payload: -1) == nil)
        #expect(CaseNumber(payload: 100_000_000_000) == nil)
        #expect(CaseNumber.read("1234-5678").code == "length")
        #expect(CaseNumber.read("1234-5678-901a").code == "character")
        let two = try #require(CaseNumber(payload: 2))
        let ten = try #require(CaseNumber(payload: 10))
        #expect(two < ten)
    }
}
