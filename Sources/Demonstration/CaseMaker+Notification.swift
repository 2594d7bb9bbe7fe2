import Access
import Catalogue

extension CaseMaker {
    /// 発生届情報 but for the route.
    mutating func addNotification(_ chance: inout Chance) {
        let physician = chance.pick(institution.physicians)
        values[.interviewPhysician] = .text(physician)
        values[.notifierName] = .text(physician)
        values[.notifiedOn] = .date(course.notifiedOn)
        values[.notifierInstitution] = .institution(institution.name)
        values[.notifierAddress] = .text(institution.organisation.address)
        values[.notifierPhone] = .text(institution.organisation.phone)
        values[.caseClass] = .code(course.caseClass)
        values[.diagnosisMethod] = .codes(Self.pcr)
        values[.firstVisitOn] = .date(course.visitOn)
        values[.diagnosedOn] = .date(course.diagnosedOn)
        if course.infectionKnown {
            values[.infectedOn] = .date(course.infectedOn)
        } else {
            values[.infectedUnknown] = .code("yes")
        }
        if let onset = course.onsetOn { values[.onsetOn] = .date(onset) }
        if course.caseClass == "death", let day = course.outcomeOn { values[.diedOn] = .date(day) }
    }

    private static let pcr: [Code] = ["pcr"]
    private static let droplet: [Code] = ["droplet"]
    private static let contact: [Code] = ["contact"]
    private static let both: [Code] = ["droplet", "contact"]

    /// A setting in which people were infected.
    private struct Setting {
        let detail: String
        let facility: Code
    }

    private static let settings = Weighted<Setting>([
        (Setting(detail: "職場の同僚が陽性。会議室で同席。", facility: "workplace"), 26),
        (Setting(detail: "飲食店で会食した友人が陽性。", facility: "restaurant"), 24),
        (Setting(detail: "接待を伴う飲食店の利用あり。", facility: "nightlife"), 14),
        (Setting(detail: "入所施設内で陽性者あり。", facility: "elderly"), 10),
        (Setting(detail: "院内で陽性者と接触。", facility: "medical"), 12),
        (Setting(detail: "スポーツ施設の利用者に陽性者あり。", facility: "sports"), 4),
        (Setting(detail: "カラオケに同席した知人が陽性。", facility: "karaoke"), 4),
        (Setting(detail: "催しに参加。参加者に陽性者あり。", facility: "event"), 3),
    ])

    private static let countries = Weighted<Code>([
        ("CN", 12), ("IT", 12), ("ES", 12), ("FR", 14), ("GB", 14), ("US", 18), ("TH", 6), ("PH", 8), ("EG", 4),
    ])

    /// 感染原因・感染経路・感染地域, 感染リンク, 感染経路（最新）.
    mutating func addRoute(_ chance: inout Chance) {
        values[.infectionLink] = .code(
            link == nil ? "unknown" : link?.isHousehold == true || chance.happens(400) ? "confirmed" : "presumed"
        )
        if let link {
            values[.linkCase] = .text(link.number.digits)
            values[.routeCertainty] = .code(link.isHousehold || chance.happens(400) ? "confirmed" : "presumed")
            values[.routeKind] = .codes(chance.happens(700) ? Self.droplet : Self.both)
            if link.isHousehold {
                values[.routeDetail] = .text("同居家族が陽性。")
                values[.routeFacility] = .code("home")
            } else {
                let setting = chance.pick(Self.settings)
                values[.routeDetail] = .text(setting.detail)
                values[.routeFacility] = .code(setting.facility)
                if chance.happens(300) { values[.cluster] = .text(cluster(of: setting.facility)) }
            }
        } else if isFromAbroad(&chance) {
            addAbroad(&chance)
            return
        } else if chance.happens(350) {
            values[.routeCertainty] = .code("presumed")
            values[.routeKind] = .codes(chance.happens(850) ? Self.droplet : Self.contact)
            values[.routeDetail] = .text("感染源は調査中。人混みでの感染を疑う。")
        } else {
            values[.routeCertainty] = .code("unknown")
        }
        if link != nil || chance.happens(600) {
            values[.regionCertainty] = .code(link == nil ? "presumed" : "confirmed")
            values[.regionPlace] = .code("domestic")
            let prefecture = Value.code(Code(household.municipality.prefecture))
            values[.regionPrefecture] = prefecture
            values[.routePrefecture] = prefecture
        } else {
            values[.regionCertainty] = .code("unknown")
        }
    }

    private func cluster(of facility: Code) -> String {
        switch facility {
        case "elderly": centre.clusters[0]
        case "restaurant", "nightlife", "karaoke": centre.clusters[1]
        case "medical": centre.clusters[2]
        default: centre.clusters[3]
        }
    }

    /// At first most had been abroad, once more in the second half of March, then nobody could travel.
    private func isFromAbroad(_ chance: inout Chance) -> Bool {
        switch course.notifiedOn.dayNumber {
        case ..<18_310: chance.happens(350)
        case ..<18_333: chance.happens(120)
        case ..<18_357: chance.happens(220)
        default: chance.happens(6)
        }
    }

    private mutating func addAbroad(_ chance: inout Chance) {
        values[.routeCertainty] = .code("presumed")
        values[.routeKind] = .codes(Self.droplet)
        values[.routeDetail] = .text("渡航先で感染したと推定。")
        values[.regionCertainty] = .code("presumed")
        values[.regionPlace] = .code("foreign")
        values[.regionCountry] = .code(chance.pick(Self.countries))
        let arrived = course.visitOn.adding(days: -chance.delay(upTo: 5))
        values[.arrivedOn] = .date(arrived)
        values[.departedOn] = .date(arrived.adding(days: -chance.number(4...25)))
    }

    private static let specimens = Weighted<Code>([
        ("nasopharyngeal_swab", 78), ("throat_swab", 12), ("sputum", 8), ("nasal_swab", 2),
    ])

    /// The test that was positive, one before it for some, one at the end for some who got well.
    mutating func addTests(_ chance: inout Chance) {
        let laboratory = network.laboratories[centre.organisation.prefecture]
        func test(_ specimen: Code, _ on: CalendarDate, _ result: Code, _ resultOn: CalendarDate) -> [String: Value] {
            var test: [String: Value] = [:]
            test.reserveCapacity(8)
            test[Key.specimenOn] = .date(on)
            test[Key.specimen] = .code(specimen)
            test[Key.method] = .code("pcr")
            test[Key.result] = .code(result)
            test[Key.resultOn] = .date(resultOn)
            test[Key.testInstitution] = .institution(institution.name)
            if let laboratory { test[Key.laboratory] = .institution(laboratory) }
            return test
        }
        let specimen = chance.pick(Self.specimens)
        if chance.happens(90) {
            let before = course.specimenOn.adding(days: -chance.number(1...3))
            add(
                .test,
                owner: reporter,
                test(specimen, before, "negative", min(before.adding(days: 1), course.specimenOn))
            )
        }
        add(.test, owner: reporter, test(specimen, course.specimenOn, "positive", course.resultOn))
        if let end = course.outcomeOn, course.outcome != "died", chance.happens(400) {
            let on = end.adding(days: -2)
            add(.test, owner: centre.organisation.key, test(specimen, on, "negative", end.adding(days: -1)))
        }
    }
}
