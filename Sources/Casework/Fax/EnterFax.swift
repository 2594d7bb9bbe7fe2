import Access
import Catalogue
import Storage

extension Casework {
    /// The code of the finding that a FAX waits no more.
    public static let closedFax = "fax_closed"

    /// Notes on a case from which FAX it was entered: when that arrived, and by which way.
    ///
    /// Whether the line still waits is asked in the transaction that files the report, behind the question whether it
    /// was filed already: a form sent twice finds its own case and no refusal.
    func marked(_ file: CaseFile, fromFax id: String?, _ caller: Caller) async throws -> CaseFile {
        guard let id else { return file }
        do {
            let line = try await fax(id, by: caller)
            var file = file
            file.items[.faxReceivedAt] = line.receivedAt
            file.items[.entryRoute] = "fax"
            return file
        } catch Refusal.notFound {
            throw Refusal.findings([Finding("fax", "unknown_fax", "受信簿にこのFAXがありません。受信簿から開き直してください。")])
        }
    }

    /// The line of the register becomes 入力済 and leads to the case.
    ///
    /// - Throws: ``Refusal/findings(_:)`` where somebody else has entered it or set it aside meanwhile.
    func enterFax(
        _ id: String?,
        as number: CaseNumber,
        _ caller: Caller,
        _ directory: Directory,
        at now: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        guard let id else { return }
        guard let organisation = directory.number(caller.organisation.key),
            try faxes.enter(id, organisation: organisation, number: number, at: now, connection)
        else {
            throw Refusal.findings([
                Finding(
                    "fax",
                    Self.closedFax,
                    "このFAXは、ほかの人がすでに入力したか、受信簿で対象から外しています。受信簿で確かめてください。入力した内容は下書きに残っています。"
                )
            ])
        }
    }
}
