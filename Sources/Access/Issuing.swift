/// Who looks after whose accounts.
///
/// ＩＤ・パスワード発行事務: the ministry issues to each 利用者認証実施者 of a local government; they issue to users
/// of their own organisation and to the institutions, contractors, facilities and analysis centres that belong to it;
/// an institution may have named users of its own.
public enum Issuing {
    /// Somebody of an organisation with duties: who acts, or on whom.
    public struct Holder: Sendable, Hashable {
        /// The account's number.
        public var account: Int64
        /// Its organisation.
        public var organisation: Organisation
        /// Its duties.
        public var duties: Set<Duty>

        /// A holder of duties.
        public init(account: Int64, organisation: Organisation, duties: Set<Duty>) {
            self.account = account
            self.organisation = organisation
            self.duties = duties
        }
    }

    /// Whether accounts of an organisation are looked after by another one, whatever the duties.
    /// - Parameters:
    ///   - own: the organisation that looks after them.
    ///   - other: the organisation whose accounts they are.
    ///   - parentOf: the organisation with a key.
    /// - Returns: true for one's own; for the ministry every local government and health centre; for these what
    ///   belongs to them or to a health centre below them.
    public static func governs(
        _ own: Organisation,
        _ other: Organisation,
        parentOf: (OrganisationKey) -> Organisation?
    ) -> Bool {
        if own.key == other.key { return true }
        switch own.kind {
        case .ministry: return other.kind.isAdministration && other.kind != .ministry
        case .prefecture, .city, .healthCentre:
            return !other.kind.isAdministration && isAbove(own.key, other, parentOf)
        case .medical, .followUp, .lodging, .analysis: return false
        }
    }

    private static func isAbove(
        _ key: OrganisationKey,
        _ other: Organisation,
        _ parentOf: (OrganisationKey) -> Organisation?
    ) -> Bool {
        var next = Set([other.healthCentre, other.parent].compactMap(\.self))
        // Health centre, city, prefecture; a circle in the directory ends here as well.
        for _ in 0..<4 {
            if next.contains(key) { return true }
            next = Set(next.compactMap(parentOf).filter { $0.kind.isAdministration }.compactMap(\.parent))
        }
        return false
    }

    /// What somebody may do with the accounts of an organisation: what their duties allow where they govern it.
    public static func powers(
        _ actor: Holder,
        over other: Organisation,
        parentOf: (OrganisationKey) -> Organisation?
    ) -> Set<AccountPower> {
        guard governs(actor.organisation, other, parentOf: parentOf) else { return [] }
        return actor.duties.reduce(into: []) { $0.formUnion($1.powers(at: actor.organisation.kind)) }
    }

    /// Whether somebody issues, changes and stops the programs (API clients) of an organisation.
    ///
    /// Whoever issues its accounts does. The ministry names the issuers of local governments and health centres and
    /// does nothing else there: a program of a health centre reads identified cases, which the ministry may not.
    public static func issuesClients(
        _ actor: Holder,
        of other: Organisation,
        parentOf: (OrganisationKey) -> Organisation?
    ) -> Bool {
        guard powers(actor, over: other, parentOf: parentOf).contains(.issue) else { return false }
        return actor.organisation.kind != .ministry || other.kind == .ministry
    }

    /// What somebody may do with an account.
    ///
    /// The ministry looks after the issuers of local governments and nobody else there. A local government's issuers
    /// are the ministry's to change; colleagues may stop one, which harms nobody's data. Nobody acts on oneself.
    public static func powers(
        _ actor: Holder,
        on subject: Holder,
        parentOf: (OrganisationKey) -> Organisation?
    ) -> Set<AccountPower> {
        let powers = powers(actor, over: subject.organisation, parentOf: parentOf)
        if actor.account == subject.account { return powers.intersection([.see]) }
        guard actor.organisation.kind == .ministry else {
            return subject.duties.contains(.issuer) ? powers.intersection([.see, .stop]) : powers
        }
        let isTheirs = subject.organisation.kind == .ministry || subject.duties.contains(.issuer)
        return isTheirs ? powers : []
    }

    /// The duties that an issuer may name people of an organisation for.
    ///
    /// 利用者認証実施者 are the ministry's to name, all others the local government's. Whoever looks after an
    /// institution's own users names nobody.
    public static func namable(by own: Organisation, for other: Organisation) -> Set<Duty> {
        switch own.kind {
        case .ministry: [.issuer]
        case .prefecture, .city, .healthCentre:
            Set([Duty.supervisor, .manager].filter { $0.fits(other.kind) })
        case .medical, .followUp, .lodging, .analysis: []
        }
    }

    /// The duties that an account of an organisation must have when somebody issues it: the ministry issues to other
    /// organisations for nobody but 利用者認証実施者.
    public static func required(by own: Organisation, for other: Organisation) -> Set<Duty> {
        own.kind == .ministry && other.kind != .ministry ? [.issuer] : []
    }
}
