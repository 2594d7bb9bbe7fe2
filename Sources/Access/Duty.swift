/// A duty that an account holds besides working for its organisation (役割).
public enum Duty: String, Sendable, Hashable, CaseIterable, Comparable {
    /// 利用者認証実施者: issues accounts.
    case issuer
    /// システム利用統括責任者: answers for the use of the system in a local government.
    ///
    /// Sees who has which account and who issued it, and looks through the readings; changes nothing.
    case supervisor
    /// システム利用管理者: looks after its accounts; at an institution also issues its named users.
    case manager

    /// The duty's name on the screen.
    public var label: String {
        switch self {
        case .issuer: "利用者認証実施者"
        case .supervisor: "システム利用統括責任者"
        case .manager: "システム利用管理者"
        }
    }

    /// In the order in which they are shown.
    public static func < (left: Duty, right: Duty) -> Bool {
        left.place < right.place
    }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Whether people of an organisation may hold it.
    ///
    /// The notice names all three for local governments; the ministry issues only, and an institution, a contractor or
    /// a facility has somebody who looks after its own users.
    public func fits(_ kind: OrganisationKind) -> Bool {
        switch self {
        case .issuer: kind.isAdministration
        case .supervisor: kind.isAdministration && kind != .ministry
        case .manager: kind != .ministry
        }
    }
}

/// Something that is done with accounts, which a duty allows or not.
public enum AccountPower: String, Sendable, Hashable, CaseIterable {
    /// See accounts and who issued, changed and stopped them.
    case see
    /// 閲覧記録の確認: look through the readings of one's own organisation.
    case review
    /// Issue accounts.
    case issue
    /// Change name and telephone, name somebody for a duty.
    case change
    /// 停止: stop an account.
    case stop
    /// Let a stopped account go on.
    case resume
    /// Give a new initial password, take back a lost second factor.
    case reset
}

extension Duty {
    /// What a duty allows, at an organisation of a kind, with the accounts that it governs.
    ///
    /// An institution has no issuer of its own: whoever looks after its users issues them, too.
    public func powers(at kind: OrganisationKind) -> Set<AccountPower> {
        guard fits(kind) else { return [] }
        switch self {
        // The ministry has no readings of its own to look through.
        case .issuer: return Set(AccountPower.allCases).subtracting(kind == .ministry ? [.review] : [])
        case .supervisor: return [.see, .review]
        case .manager:
            return kind.isAdministration
                ? [.see, .review, .stop, .reset] : [.see, .issue, .change, .stop, .resume, .reset]
        }
    }
}
