import Catalogue
import Testing

@testable import Interchange

@Suite struct `Open-data line list` {
    private static let tokyoHeader =
        "No,全国地方公共団体コード,都道府県名,市区町村名,公表_年月日,曜日,発症_年月日,患者_居住地,患者_年代,患者_性別,患者_属性,患者_状態,患者_症状,"
        + "患者_渡航歴の有無フラグ,備考,退院済フラグ"

    private func list(_ rows: String, header: String = tokyoHeader) throws -> LineList {
        try PatientLineList.read(Array("\(header)\n\(rows)".utf8), today: day(2020, 5, 22)).get()
    }

    @Test func `A row in the shape of Tokyo's list becomes items`() throws {
        let list = try list(
            "7,130001,東京都,,2020-03-02,月,2020-02-27,都内,40代,女性,会社員,中等症,発熱;咳;味覚障害;鼻づまり,1,院内,1\n"
        )
        let row = try #require(list.rows.first)
        #expect(list.ignoredColumns == ["曜日"])
        #expect(row.line == 2)
        #expect(row.rowKey == "130001-7")
        #expect(row.prefecture == "13")
        #expect(row.record[.publishedOn] == day(2020, 3, 2))
        #expect(row.record[.onsetOn] == day(2020, 2, 27))
        #expect(row.record[.ageBand] == "40s")
        #expect(row.record[.sex] == "female")
        #expect(row.record[.occupation] == "会社員")
        #expect(row.record[.notifiedSymptoms] == ["fever", "cough", "smell_taste", "other"])
        #expect(row.record[.notifiedSymptomsOther] == "鼻づまり")
        #expect(row.record[.outcome] == "discharged")
        #expect(row.record[.remarks] == "居住地（公表）：都内\n渡航歴：あり\n院内")
        #expect(row.record[.caseNumberPrefecture] == 7)
        #expect(row.record[.entryRoute] == "import_file")
        #expect(row.severity?[.severity] == "moderate")
    }

    @Test func `Kobe's older header is understood, and its code of Tokyo gives way to its name`() throws {
        let header = "No,全国地方公共団体コード,都道府県,市区町村名,公表_年月日,曜日,発症_年月日,居住地,年代,性別,患者_属性,備考"
        let list = try list("1,130001,神戸市,,2020/2/4,火,,市内,90代,男性,,\n", header: header)
        #expect(list.rows.first?.rowKey == "281000-1")
        #expect(list.rows.first?.record[.publishedOn] == day(2020, 2, 4))
        #expect(list.rows.first?.record[.ageBand] == "90plus")
        #expect(list.notes.count == 1)
    }

    @Test(arguments: ["2020-02-04", "2020/2/4", "2/4/2020", "2020/02/04 0:00", "R2.2.4", "令和2年2月4日", "２０２０/２/４"])
    func `Dates of every shape`(text: String) throws {
        let list = try list("1,130001,東京都,,\(text),,,,10歳未満,男性,,,,,,\n")
        #expect(list.rows.first?.record[.publishedOn] == day(2020, 2, 4))
    }

    @Test(arguments: ["10006", "010006"])
    func `A code that lost its leading zero is mended`(code: String) throws {
        let list = try list("1,\(code),北海道,,2020-02-04,,,,10歳未満,男性,,,,,,\n")
        #expect(list.rows.first?.municipalityCode == "010006")
        #expect(list.rows.first?.prefecture == "01")
    }

    @Test(arguments: ["不明", "調査中", "欠番", "―", "-", "－", "\u{00A0}", "\u{3000}", ""])
    func `Words for what is not known leave no value`(word: String) throws {
        let list = try list(
            "1,130001,東京都,,2020-02-04,,\(word),\(word),\(word),\(word),\(word),\(word),\(word),,\(word),\n"
        )
        let record = try #require(list.rows.first?.record)
        #expect(record[.ageBand] == "unknown")
        #expect(record[.sex] == "unknown")
        for key in ["onset_on", "occupation", "remarks", "notified_symptoms", "outcome"] { #expect(record[key] == nil) }
    }

    @Test func `Death stands above discharge`() throws {
        let list = try list("1,130001,東京都,,2020-02-04,,,,80代,男性,,死亡,,,,1\n")
        #expect(list.rows.first?.record[.outcome] == "died")
    }

    @Test func `A known place of residence becomes its code`() throws {
        let file = Array("\(Self.tokyoHeader)\n1,130001,東京都,,2020-02-04,,,新宿区,80代,男性,,,,,,\n".utf8)
        let list = try PatientLineList.read(file, today: day(2020, 5, 22)) { prefecture, name in
            prefecture == "13" && name == "新宿区" ? "131041" : nil
        }.get()
        #expect(list.rows.first?.record[.addressMunicipality] == "131041")
        #expect(list.rows.first?.record[.remarks] == nil)
    }

    @Test(arguments: [
        ("x,130001,東京都,,2020-02-04,,,,80代,男性,,,,,,", "No"),
        ("1,130002,東京都,,2020-02-04,,,,80代,男性,,,,,,", "全国地方公共団体コード"),
        ("1,130001,東京県,,2020-02-04,,,,80代,男性,,,,,,", "都道府県名"),
        ("1,130001,東京都,,2020-02-30,,,,80代,男性,,,,,,", "公表_年月日"),
        ("1,130001,東京都,,2020-06-01,,,,80代,男性,,,,,,", "公表_年月日"),
        ("1,130001,東京都,,,,,,,,,,,,欠番,", "公表_年月日"),
        ("1,130001,東京都,,2020-02-04,,2020-02-05,,80代,男性,,,,,,", "発症_年月日"),
        ("1,130001,東京都,,2020-02-04,,,,高齢者,男性,,,,,,", "患者_年代"),
        ("1,130001,東京都,,2020-02-04,,,,80代,♂,,,,,,", "患者_性別"),
        ("1,130001,東京都,,2020-02-04,,,,80代,男性,,危篤,,,,", "患者_状態"),
        ("1,130001,東京都,,2020-02-04,,,,80代,男性,,,,２,,", "患者_渡航歴の有無フラグ"),
        ("1,130001,東京都,,2020-02-04,,,,80代,男性,\u{E000},,,,,", "患者_属性"),
    ])
    func `What can't be read is rejected at its column`(row: String, column: String) throws {
        let list = try list(row + "\n")
        #expect(list.rows.isEmpty)
        #expect(list.rejected.first?.column == column)
        #expect(list.rejected.first?.line == 2)
        #expect(list.rejected.first?.reason.isEmpty == false)
    }

    @Test func `Rows too short, too long or with a number twice are rejected`() throws {
        let row = "130001,東京都,,2020-02-04,,,,80代,男性,,,,,,"
        let list = try list("1,\(row)\n1,\(row)\n2,\(row),x\n3,\(row),,\n4,130001\n5,\(row)\n8,\(row)\n")
        #expect(list.rows.compactMap(\.number) == [1, 3, 5, 8])
        #expect(list.rejected.map(\.line) == [3, 4, 6])
        #expect(list.rowCount == 7)
    }

    @Test func `Numbers left out are told, rejected ones are not`() throws {
        let row = "130001,東京都,,2020-02-04,,,,80代,男性,,,,,,"
        let list = try list("1,\(row)\n3,\(row.replacing("80代", with: "?"))\n7,\(row)\n")
        #expect(list.gaps.map(\.numbers) == [2...2, 4...6])
    }

    @Test func `A missing column is named, and so is one that stands there twice`() {
        let today = day(2020, 5, 22)
        #expect(
            PatientLineList.read(Array("No,都道府県名,公表_年月日\n".utf8), today: today)
                == .failure(.missingColumns(["全国地方公共団体コード", "患者_年代", "患者_性別"]))
        )
        let twice = PatientLineList.read(Array("\(Self.tokyoHeader),年代\n".utf8), today: today)
        #expect(twice == .failure(.repeatedColumns(["患者_年代と年代"])))
        #expect(PatientLineList.read([], today: today) == .failure(.malformed(.empty)))
    }

    @Test func `Rejected rows come back as a file that loads once they are mended`() throws {
        let first = try list(
            "1,130001,東京都,,2020-02-04,,,\"=cmd,\nx\",高齢者,男性,,,,,,\n2,130001,東京都,,2020-02-04,,,,80代,男性,,,,,,\n"
        )
        let file = PatientLineList.rejectsCSV(first)
        let text = try TextDecoding.decode(file).get().text
        #expect(text.contains("'=cmd"))
        #expect(text.unicodeScalars.first != "\u{FEFF}")
        let mended = try PatientLineList.read(Array(text.replacing("高齢者", with: "80代").utf8), today: day(2020, 5, 22))
            .get()
        #expect(mended.rejected.isEmpty)
        #expect(mended.rows.map(\.rowKey) == ["130001-1"])
        #expect(mended.rows.first?.record[.remarks] == "居住地（公表）：=cmd, x")
        #expect(mended.ignoredColumns == ["曜日"])
        let again = try PatientLineList.read(file, today: day(2020, 5, 22)).get()
        #expect(try CSVReader.read(PatientLineList.rejectsCSV(again)).get().header.count == 19)
    }
}

func day(_ year: Int, _ month: Int, _ day: Int) -> CalendarDate {
    CalendarDate(year: year, month: month, day: day) ?? CalendarDate(dayNumber: 0)
}
