public import Access
public import Catalogue
import Storage

/// Where somebody is placed.
public struct PlaceDecision: Sendable, Hashable {
    /// The hospital or lodging facility, in the headquarters' prefecture.
    public var organisation: OrganisationKey
    /// Which of its beds or rooms.
    public var kind: RoomKind
    /// The first day there.
    public var from: CalendarDate
    /// Why, where somebody is placed beyond what is free: whoever has telephoned knows more than the last count.
    public var reason: String?

    /// A decision.
    public init(at organisation: OrganisationKey, _ kind: RoomKind, from: CalendarDate, reason: String? = nil) {
        self.organisation = organisation
        self.kind = kind
        self.from = from
        self.reason = reason
    }
}

extension Casework {
    /// Days ahead that a place can be decided for.
    private static let mostDaysAhead = 14
    private static let longestPlaceReason = 1000

    /// 療養先の決定: ends the present stay, writes the next one, and takes one of the free beds or rooms.
    ///
    /// Party and status follow from the stay as from any other; the place is told in its notice box.
    ///
    /// - Parameters:
    ///   - number: the case.
    ///   - decision: where to and from when.
    ///   - seen: the version on the screen, which shows the stay that ends.
    ///   - caller: a headquarters of the case.
    /// - Returns: the case.
    /// - Throws: ``Refusal/notFound``, ``Refusal/findings(_:)`` at `place`, `place_from` or `reason`,
    ///   ``Refusal/forbidden(_:)`` where the case has changed since it was seen.
    public func place(
        _ number: CaseNumber,
        _ decision: PlaceDecision,
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        let own = caller.organisation
        guard own.kind == .prefecture || own.kind == .city else { throw Refusal.notFound }
        let (directory, store) = (try await directory(), capacities)
        let reason = try Self.cleaned(decision.reason)
        let placed = try await changeTelling(number, by: caller, action: "place", reason: reason) {
            file,
            permission,
            now,
            connection in
            guard permission.writes(.whereabouts) else { throw Refusal.notFound }
            let place = try Self.destination(decision, own, directory, today: now.japanDate)
            try Self.refuseUnseen(seen, file)
            let revision = try Self.moving(file, to: place, from: decision.from, directory)
            do {
                try self.revising(number, revision, by: caller, directory)(&file, permission, now, connection)
            } catch Refusal.findings(let findings) {
                throw Refusal.findings(findings.map(Self.onForm))
            }
            let isTaken = try store.promise(
                place.key,
                kind: decision.kind.rawValue,
                beyond: reason != nil,
                directory: directory,
                connection
            )
            guard isTaken else { throw Refusal.findings([Self.full(place, decision.kind)]) }
            return Told(notices: [(place.key, .place)])
        }
        tellRooms(prefecture: own.prefecture, directory)
        guard let placed else { throw Refusal.notFound }
        return placed
    }

    private static func cleaned(_ reason: String?) throws -> String? {
        guard let reason, !reason.allSatisfy(\.isWhitespace) else { return nil }
        let cleaned = try? TextCleaning.clean(reason, multiline: true).get()
        guard let cleaned, cleaned.unicodeScalars.count <= longestPlaceReason else {
            throw Refusal.findings([Finding("reason", "length", "理由を\(longestPlaceReason)文字以内で入力してください。")])
        }
        return cleaned.isEmpty ? nil : cleaned
    }

    private static func destination(
        _ decision: PlaceDecision,
        _ own: Organisation,
        _ directory: Directory,
        today: CalendarDate
    ) throws -> Organisation {
        guard let place = directory[decision.organisation], place.prefecture == own.prefecture,
            RoomKind.kinds(of: place.kind).contains(decision.kind)
        else { throw Refusal.findings([Finding("place", "unknown", "入院・療養先を一覧から選んでください。")]) }
        guard decision.from >= today.adding(days: -1), decision.from <= today.adding(days: mostDaysAhead) else {
            let words = "入院・入所の日は、昨日から\(mostDaysAhead)日後までの日付を入力してください。"
            throw Refusal.findings([Finding("place_from", "range", words)])
        }
        return place
    }

    /// The stay that somebody is in ends on the day on which the next begins; the page has said so.
    private static func moving(
        _ file: CaseFile,
        to place: Organisation,
        from: CalendarDate,
        _ directory: Directory
    ) throws -> Revision {
        let stays = file.entries[.whereabouts] ?? []
        guard stays.allSatisfy({ ($0.items[.placeFrom] ?? from) <= from }) else {
            let words = "この日より後に始まる居所が登録されています。対象者のページで居所を確かめてください。"
            throw Refusal.findings([Finding("place_from", "order", words)])
        }
        let kind: Code = place.kind == .lodging ? "lodging" : "hospital"
        let open = stays.filter { $0.items[.placeTo] == nil }
        let isThere = open.contains { stay in
            guard let name = stay.items[.placeOrganisation] else { return false }
            return directory.organisation(name, of: [place.kind])?.key == place.key
        }
        guard !isThere else {
            throw Refusal.findings([Finding("place", "there", "すでに\(place.name)が療養先として登録されています。")])
        }
        let known = InstitutionName(name: place.name, code: place.institutionCode)
        // Two organisations may have one code: then the key says which of them.
        let isFound = directory.organisation(known, of: [place.kind])?.key == place.key
        let name = isFound ? known : InstitutionName(name: place.name, code: place.key)
        let ended = open.map { EntryRevision(.whereabouts, id: $0.id, items: ["place_to": .date(from)]) }
        let begun = EntryRevision(
            .whereabouts,
            id: nil,
            items: [
                "place_kind": .code(kind), "place_from": .date(from), "place_organisation": .institution(name),
            ]
        )
        return Revision(seen: file.version, items: [:], entries: ended + [begun])
    }

    /// What is wrong with a stay, at the field of the form in which it is mended.
    private static func onForm(_ finding: Finding) -> Finding {
        let isPlace = finding.place.item == "place_organisation"
        return Finding(isPlace ? "place" : "place_from", finding.code, finding.message)
    }

    private static func full(_ place: Organisation, _ kind: RoomKind) -> Finding {
        let words = """
            \(place.name)の\(kind.label)は空きがありません。ほかの療養先を選ぶか、電話で受け入れを確かめて、下の欄に理由を入力してください。
            """
        return Finding("place", "full", words)
    }
}
