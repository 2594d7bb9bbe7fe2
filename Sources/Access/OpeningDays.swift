public import Catalogue

/// 利用開始日: from which day the people of each local government may sign in.
///
/// The notice of 2020-05-22 lets everybody begin on one common day, and a local government that isn't ready later.
public struct OpeningDays: Sendable, Hashable {
    /// The common day (共通の利用開始日); nil: everything is open.
    public var common: CalendarDate?
    /// Days of the local governments that begin later, by the keys of their headquarters.
    public var later: [OrganisationKey: CalendarDate]

    /// Opening days; without any everything is open.
    public init(common: CalendarDate? = nil, later: [OrganisationKey: CalendarDate] = [:]) {
        self.common = common
        self.later = later
    }

    /// What somebody may do on a day.
    public enum Entry: Sendable, Hashable {
        /// Everything that their organisation may.
        case open
        /// Only what prepares the beginning: accounts, the readiness register, tests of the connection.
        case preparing(NotYetOpen)
        /// Nothing: no session.
        case closed(NotYetOpen)
    }

    /// The day on which a local government begins; nil while no common day is set.
    ///
    /// Who hasn't answered begins with all. A common day that is moved behind somebody's own moves theirs along.
    public func day(of government: OrganisationKey) -> CalendarDate? {
        common.map { max($0, later[government] ?? $0) }
    }

    /// What the people of an organisation may do on a day.
    ///
    /// The ministry sets the day and so can't be shut out by it. The people of headquarters and health centres issue
    /// accounts and answer for the beginning before it comes, so they are let in for that alone; institutions,
    /// contractors, facilities and analysis centres have nothing to prepare in the system.
    /// - Parameters:
    ///   - organisation: whose people.
    ///   - government: the headquarters it belongs to; without one the common day counts.
    ///   - today: Japan's day.
    /// - Returns: what they may do.
    public func entry(
        of organisation: Organisation,
        below government: Organisation?,
        on today: CalendarDate
    ) -> Entry {
        guard organisation.kind != .ministry, let day = government.map({ day(of: $0.key) }) ?? common, today < day
        else {
            return .open
        }
        let refusal = NotYetOpen(government: government?.shortName ?? "HER-SYS", day: day)
        return organisation.kind.isAdministration ? .preparing(refusal) : .closed(refusal)
    }
}

/// Somebody came before their local government's day (利用開始前).
public struct NotYetOpen: Error, Sendable, Hashable {
    /// The local government's name as people say it: 東京都.
    public let government: String
    /// The day on which it begins.
    public let day: CalendarDate

    /// Too early for a local government.
    public init(government: String, day: CalendarDate) {
        self.government = government
        self.day = day
    }
}

extension CalendarDate {
    /// The day without its year: 5月29日.
    public var monthAndDay: String {
        let (_, month, day) = parts
        return "\(month)月\(day)日"
    }
}

extension Organisation {
    /// Whether it answers for a local government's beginning: 都道府県・保健所設置市・特別区, by their headquarters.
    public var isGovernment: Bool { kind == .prefecture || kind == .city }

    /// A headquarters by its local government's name: 東京都 for 東京都調整本部, 新宿区 for 新宿区 本庁.
    public var shortName: String {
        guard isGovernment else { return name }
        for ending in ["新型コロナウイルス感染症対策本部", "調整本部", "本庁"] where name.hasSuffix(ending) {
            let rest = name.dropLast(ending.count)
            let trimmed = rest.last == " " || rest.last == "　" ? rest.dropLast() : rest
            return trimmed.isEmpty ? name : String(trimmed)
        }
        return name
    }
}
