import Access
import Casework
import Catalogue
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

/// Casework over a database of its own, a few organisations and a clock that tests move.
final class Office: Sendable {
    let engine: any Engine
    let casework: Casework
    /// The installation's secrets, for another server on the same database.
    let keys: KeyRing
    private let database: TemporaryDatabase

    static let organisations = [
        Organisation(key: "mhlw", kind: .ministry, name: "厚生労働省"),
        Organisation(key: "pref-13", kind: .prefecture, name: "東京都調整本部", prefecture: "13"),
        Organisation(key: "city-13104", kind: .city, name: "新宿区本庁", parent: "pref-13", prefecture: "13"),
        Organisation(
            key: "hc-13104",
            kind: .healthCentre,
            name: "新宿区保健所",
            parent: "city-13104",
            prefecture: "13",
            municipality: "131041"
        ),
        Organisation(
            key: "hc-13113",
            kind: .healthCentre,
            name: "渋谷区保健所",
            parent: "pref-13",
            prefecture: "13",
            municipality: "131130"
        ),
        Organisation(
            key: "hc-14100",
            kind: .healthCentre,
            name: "横浜市保健所",
            prefecture: "14",
            municipality: "141003"
        ),
        Organisation(
            key: "med-1",
            kind: .medical,
            name: "新宿あおばクリニック",
            healthCentre: "hc-13104",
            prefecture: "13",
            municipality: "131041",
            address: "東京都新宿区1-1",
            phone: "03-0000-0001"
        ),
        Organisation(key: "med-2", kind: .medical, name: "渋谷みどり医院", healthCentre: "hc-13113", prefecture: "13"),
        Organisation(key: "fol-1", kind: .followUp, name: "見守り", prefecture: "13"),
        Organisation(key: "lod-1", kind: .lodging, name: "ホテルしおかぜ", prefecture: "13"),
    ]

    /// An office; unless a test is about them, codes may be sent as often as it likes.
    init(sends: SendLimit = .none) async throws {
        database = try await TemporaryDatabase()
        engine = database.engine
        let time = Clock()
        clock = time
        keys = .generate()
        var casework = Casework(engine: engine, keys: keys, passwordCost: 6, clock: { time.now })
        casework.sendLimit = sends
        self.casework = casework
        try await Loader.load(Self.organisations, into: casework)
    }

    /// Another server's connections to the same database.
    func another() throws -> any Engine { try database.another() }

    /// All that the database holds, as bytes.
    func everything() async throws -> Data { try await database.everything() }

    let clock: Clock

    /// A clock that stands until it is moved.
    final class Clock: Sendable {
        private let held = Mutex(Timestamp(CalendarDate(dayNumber: 18_404), hour: 10))
        var now: Timestamp { held.withLock { $0 } }
        func advance(_ seconds: Int64) { held.withLock { $0 = $0.adding(seconds: seconds) } }
    }

    func caller(_ key: OrganisationKey, _ account: Int64 = 1, through: Caller.Channel = .page) throws -> Caller {
        let organisation = try #require(Self.organisations.first { $0.key == key })
        return Caller(
            Viewer(organisation: organisation, account: account, name: "\(organisation.name) \(account)"),
            through: through,
            address: "192.0.2.1"
        )
    }

    /// A report with everything that form 2020-02 asks for.
    static func report(_ family: String = "佐藤", _ kana: String = "サトウ") -> Report {
        var items = Record()
        let day = CalendarDate(dayNumber: 18_404)
        items[.caseClass] = "confirmed"
        items[.familyName] = family
        items[.givenName] = "花子"
        items[.familyKana] = kana
        items[.givenKana] = "ハナコ"
        items[.sex] = "female"
        items[.birthDate] = CalendarDate(year: 1985, month: 3, day: 2)
        items[.occupation] = "会社員"
        items[.addressMunicipality] = "131041"
        items[.addressLine] = "西新宿2-8-1"
        items[.stayMunicipality] = "131041"
        items[.stayLine] = "自宅"
        items[.phone] = "03-0000-1234"
        items[.notifiedSymptoms] = ["fever", "cough"]
        items[.diagnosisMethod] = ["pcr"]
        items[.firstVisitOn] = day.adding(days: -2)
        items[.diagnosedOn] = day
        items[.infectedUnknown] = "yes"
        items[.onsetOn] = day.adding(days: -4)
        items[.routeCertainty] = "unknown"
        items[.regionCertainty] = "unknown"
        items[.notifiedOn] = day
        items[.notifierName] = "青葉 太郎"
        items[.notifierInstitution] = InstitutionName(name: "新宿あおばクリニック")
        items[.notifierAddress] = "東京都新宿区1-1"
        items[.notifierPhone] = "03-0000-0001"
        var test = Record()
        test[.specimenOn] = day.adding(days: -1)
        test[.specimen] = "nasopharyngeal_swab"
        test[.method] = "pcr"
        test[.result] = "positive"
        test[.resultOn] = day
        return Report(items: items, tests: [test])
    }
}
