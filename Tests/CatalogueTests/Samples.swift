import Catalogue

/// Complete notifications of nobody, one for each version of the form, and small tools for tables of cases.
enum Samples {
    static let today = day("2022-12-01")

    static func day(_ iso: String) -> CalendarDate {
        CalendarDate(iso: iso) ?? CalendarDate(dayNumber: 0)
    }

    /// A patient of 40 on the form of 2020-02 and 2021-02, all that is required and no more.
    static var patient: Record {
        var record = Record()
        record[.notifiedOn] = day("2020-06-05")
        record[.notifierName] = "港 一郎"
        record[.notifierInstitution] = InstitutionName(name: "みなと病院", code: "1310000018")
        record[.notifierAddress] = "東京都港区芝1-1-1"
        record[.notifierPhone] = "03-1234-5678"
        record[.caseClass] = "confirmed"
        record[.familyName] = "山田"
        record[.givenName] = "太郎"
        record[.familyKana] = "ヤマダ"
        record[.givenKana] = "タロウ"
        record[.sex] = "male"
        record[.birthDate] = day("1980-02-29")
        record[.occupation] = "調理師"
        record[.addressLine] = "港区芝2-2-2"
        record[.stayLine] = "港区芝2-2-2"
        record[.notifiedSymptoms] = ["fever", "cough"]
        record[.diagnosisMethod] = ["pcr"]
        record[.firstVisitOn] = day("2020-06-03")
        record[.diagnosedOn] = day("2020-06-04")
        record[.infectedOn] = day("2020-05-25")
        record[.onsetOn] = day("2020-06-01")
        record[.routeCertainty] = "presumed"
        record[.routeKind] = ["droplet"]
        record[.regionCertainty] = "confirmed"
        record[.regionPlace] = "domestic"
        record[.regionPrefecture] = "13"
        return record
    }

    /// A patient of 70 on the forms of 2022.
    static var shortPatient: Record {
        let long = patient
        var record = Record()
        for key in [
            "notifier_name", "notifier_institution", "notifier_address", "notifier_phone", "case_class", "family_name",
            "given_name", "family_kana", "given_kana", "sex", "stay_line",
        ] {
            record[key] = long[key]
        }
        record[.birthDate] = day("1950-01-01")
        record[.notifiedOn] = day("2022-10-03")
        record[.firstVisitOn] = day("2022-10-02")
        record[.diagnosedOn] = day("2022-10-03")
        record[.riskFactors] = ["none"]
        record[.admissionNeeded] = "no"
        return record
    }

    static var test: Record {
        var record = Record()
        record[.method] = "pcr"
        record[.specimen] = "saliva"
        record[.specimenOn] = day("2020-06-03")
        record[.resultOn] = day("2020-06-04")
        record[.result] = "positive"
        return record
    }

    static var shortTest: Record {
        var record = Record()
        record[.specimenOn] = day("2022-10-02")
        return record
    }

    static func form(_ id: String) -> FormVersion {
        FormVersion.version(id) ?? FormVersion.inForce(on: today)
    }

    static func complete(_ id: String) -> (items: Record, tests: [Record]) {
        id.hasPrefix("2022") ? (shortPatient, [shortTest]) : (patient, [test])
    }

    /// The record after some items were set (or taken away where nil).
    static func changed(_ record: Record, _ changes: [String: Value?]) -> Record {
        var result = record
        for (key, value) in changes { result[key] = value }
        return result
    }
}

extension Finding {
    /// Item, position and code: what a table of expectations names.
    var brief: String {
        "\(place.item)\(place.index.map { "[\($0)]" } ?? "") \(code)\(severity == .warning ? "?" : "")"
    }
}
