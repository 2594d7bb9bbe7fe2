import Access
import Catalogue

/// Makes the organisations and accounts, the same for the same seed.
struct NetworkBuilder {
    private var chance: Chance
    private var organisations: [Organisation] = []
    private var accounts: [DemonstrationAccount] = []
    private var centres: [Network.Centre] = []
    private var laboratories: [String: InstitutionName] = [:]
    private var followUps: [String: Network.Facility] = [:]
    private var lodgings: [String: [Network.Facility]] = [:]
    private var headquartersAccounts: [OrganisationKey: DemonstrationAccount] = [:]

    init(seed: UInt64) {
        chance = Chance(seed: seed, stream: .max)
    }

    /// The whole network.
    static func network(seed: UInt64) -> Network {
        var builder = NetworkBuilder(seed: seed)
        builder.addMinistry()
        for prefecture in Prefectures.all { builder.addPrefecture(prefecture) }
        for plan in Municipalities.healthCentres { builder.addCentre(plan) }
        return Network(
            organisations: builder.organisations,
            accounts: builder.accounts,
            centres: builder.centres,
            laboratories: builder.laboratories,
            followUps: builder.followUps,
            lodgings: builder.lodgings
        )
    }

    private mutating func addMinistry() {
        add(
            Organisation(
                key: "mhlw",
                kind: .ministry,
                name: "厚生労働省",
                prefecture: "13",
                municipality: CheckDigit.municipality("13101"),
                address: "東京都千代田区 デモ用所在地",
                phone: Addresses.fixedLine(prefecture: "13", &chance)
            )
        )
        account("mhlw", "mhlw", "結核感染症課", duties: [.issuer])
    }

    private mutating func addPrefecture(_ prefecture: (code: String, latin: String, name: String)) {
        let (code, latin, name) = prefecture
        let key = "pref-\(code)"
        add(organisation(key, .prefecture, "\(name)調整本部", code))
        headquartersAccounts[key] = account("\(latin)-hq", key, duties: [.issuer])
        add(organisation("ana-\(code)", .analysis, "\(name)感染症情報センター（デモ）", code, parent: key))
        account("\(latin)-analysis", "ana-\(code)")
        laboratories[code] = InstitutionName(name: "\(name)衛生研究所（デモ）")
        let followUp = organisation("fol-\(code)-1", .followUp, "\(name)健康フォローアップデスク（デモ）", code, parent: key)
        add(followUp)
        account("\(latin)-followup", followUp.key)
        followUps[code] = Network.Facility(
            organisation: followUp,
            name: InstitutionName(name: followUp.name, code: followUp.key)
        )
        for (number, hotel) in ["ひだまり", "みはらし", "しおかぜ"].enumerated() {
            let suffix = number == 0 ? "" : String(number + 1)
            let lodging = organisation(
                "lod-\(code)-\(number + 1)",
                .lodging,
                "宿泊療養施設 ホテル\(hotel)\(name.dropLast())",
                code,
                parent: key
            )
            add(lodging)
            account("\(latin)-hotel\(suffix)", lodging.key)
            lodgings[code, default: []].append(
                Network.Facility(organisation: lodging, name: InstitutionName(name: lodging.name, code: lodging.key))
            )
        }
    }

    /// An organisation at a made-up place of a prefecture.
    private mutating func organisation(
        _ key: OrganisationKey,
        _ kind: OrganisationKind,
        _ name: String,
        _ prefecture: String,
        parent: OrganisationKey? = nil
    ) -> Organisation {
        let place = Municipalities.all.first { $0.prefecture == prefecture }
        return Organisation(
            key: key,
            kind: kind,
            name: name,
            parent: parent,
            prefecture: prefecture,
            municipality: place?.code ?? "",
            address: "\(Prefectures.name(prefecture))\(place?.name ?? "")\(Addresses.line(&chance))",
            phone: Addresses.fixedLine(prefecture: prefecture, &chance)
        )
    }

    private mutating func addCentre(_ plan: HealthCentrePlan) {
        guard let place = Municipalities.all.first(where: { $0.shortCode == plan.shortCode }) else { return }
        let prefectureKey = "pref-\(plan.prefecture)"
        var headquarters = [prefectureKey]
        if let city = plan.city {
            let key = "city-\(plan.shortCode)"
            headquarters.insert(key, at: 0)
            var office = organisation(key, .city, "\(city) 本庁", plan.prefecture, parent: prefectureKey)
            office.municipality = place.code
            office.address = "\(Prefectures.name(plan.prefecture))\(city)\(Addresses.line(&chance))"
            add(office)
            headquartersAccounts[key] = account("\(plan.latin)-hq", key, duties: [.issuer])
        }
        let key = "hc-\(plan.shortCode)"
        var centre = organisation(key, .healthCentre, plan.name, plan.prefecture, parent: headquarters[0])
        centre.municipality = place.code
        centre.address = "\(Prefectures.name(plan.prefecture))\(place.name)\(Addresses.line(&chance))"
        add(centre)
        let staff = [account("\(plan.latin)-hc", key, duties: [.issuer]), account("\(plan.latin)-hc2", key)]
        let institutions = addInstitutions(of: centre, place)
        guard let placer = headquartersAccounts[headquarters[0]] else { return }
        centres.append(
            Network.Centre(
                organisation: centre,
                headquarters: headquarters,
                analysis: "ana-\(plan.prefecture)",
                accounts: staff,
                placer: placer,
                institutions: institutions,
                hospitals: institutions.filter(\.isHospital),
                clusters: ["介護施設A", "飲食店B", "院内C", "職場D"].map { "\(place.name)\($0)" }
            )
        )
    }

    private static let prefixes = """
        あおば ひまわり すみれ こもれび そよかぜ つばさ みずいろ たんぽぽ あかつき ほしぞら ゆうなぎ わかくさ
        """.split(separator: " ").map(String.init)

    private mutating func addInstitutions(of centre: Organisation, _ place: Municipality) -> [Network.Institution] {
        let count = chance.number(2...6)
        let first = chance.below(Self.prefixes.count)
        return (0..<count).map { number in
            let isHospital = number % 2 == 1
            // Prefecture, 1 (医科), then a made-up number: 9, the municipality, a count.
            let nine = "\(place.prefecture)19\(place.shortCode.dropFirst(2))\(10 + number)"
            let code = CheckDigit.institution(nine)
            let town = place.name.last == "区" || place.name.last == "市" ? String(place.name.dropLast()) : place.name
            let prefix = Self.prefixes[(first + number) % Self.prefixes.count]
            let institution = Organisation(
                key: "med-\(code)",
                kind: .medical,
                name: "\(town)\(prefix)\(isHospital ? "病院" : "クリニック")",
                healthCentre: centre.key,
                prefecture: place.prefecture,
                municipality: place.code,
                address: "\(Prefectures.name(place.prefecture))\(place.name)\(Addresses.line(&chance))",
                phone: Addresses.fixedLine(prefecture: place.prefecture, &chance),
                institutionCode: code
            )
            add(institution)
            let suffix = number / 2 == 0 ? "" : String(number / 2 + 1)
            let login = "\(place.latin)-\(isHospital ? "hospital" : "clinic")\(suffix)"
            return Network.Institution(
                organisation: institution,
                name: InstitutionName(name: institution.name, code: code),
                account: account(login, institution.key, institution.name),
                physicians: (0..<4).map { _ in personName() },
                isHospital: isHospital
            )
        }
    }

    private mutating func personName() -> String {
        let year = chance.number(1958...1992)
        let given =
            chance.happens(600)
            ? chance.pick(MaleGivenNames.names(bornIn: year)) : chance.pick(FemaleGivenNames.names(bornIn: year))
        return "\(chance.pick(Surnames.all).kanji) \(given.kanji)"
    }

    private mutating func add(_ organisation: Organisation) {
        organisations.append(organisation)
    }

    @discardableResult
    private mutating func account(
        _ login: String,
        _ organisation: OrganisationKey,
        _ name: String? = nil,
        duties: Set<Duty> = []
    ) -> DemonstrationAccount {
        let account = DemonstrationAccount(
            login: login,
            name: name ?? personName(),
            organisation: organisation,
            phone: Addresses.mobile(&chance),
            duties: duties
        )
        accounts.append(account)
        return account
    }
}
