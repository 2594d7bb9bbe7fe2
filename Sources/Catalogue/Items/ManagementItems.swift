/// Who handles the case (管理).
enum ManagementItems {
    /// Its items in the order of the dictionary.
    static let all: [ItemDefinition] = [
        Item.hersysId.definition,
        Item.status.definition,
        Item.jurisdiction.definition,
        Item.relatedOffices.definition,
        Item.entryRoute.definition,
        Item.faxReceivedAt.definition,
        Item.submittedAt.definition,
        Item.confirmedAt.definition,
        Item.publishedOn.definition,
        Item.caseNumberPrefecture.definition,
        Item.caseNumberMunicipality.definition,
    ]
}

extension Item where Content == String {
    /// HER-SYS ID.
    public static let hersysId = Item(
        "hersys_id",
        .management,
        "HER-SYS ID",
        "HER-SYS ID",
        .text,
        sensitivity: .administrative,
        pseudonym: true,
        note: "digits with a check digit; never reused"
    )
}

extension Item where Content == Code {
    /// Present status (現在のステータス).
    public static let status = Item(
        "status",
        .management,
        "現在のステータス",
        "Present status",
        .code(.status),
        national: true,
        sensitivity: .administrative
    )

    /// Health centre in charge (管轄保健所).
    public static let jurisdiction = Item(
        "jurisdiction",
        .management,
        "管轄保健所",
        "Health centre in charge",
        .office,
        sensitivity: .administrative
    )

    /// How the report came (入力経路).
    public static let entryRoute = Item(
        "entry_route",
        .management,
        "入力経路",
        "How the report came",
        .code(.entryRoute),
        sensitivity: .administrative
    )
}

extension Item where Content == [Code] {
    /// Related health centres (関係保健所).
    public static let relatedOffices = Item(
        "related_offices",
        .management,
        "関係保健所",
        "Related health centres",
        .offices,
        sensitivity: .administrative,
        note: "setting one shows it the case at once"
    )
}

extension Item where Content == CalendarDate {
    /// Published on (公表年月日).
    public static let publishedOn = Item(
        "published_on",
        .management,
        "公表年月日",
        "Published on",
        .date,
        sensitivity: .administrative
    )
}

extension Item where Content == Timestamp {
    /// FAX received at (FAX受信日時).
    public static let faxReceivedAt = Item(
        "fax_received_at",
        .management,
        "FAX受信日時",
        "FAX received at",
        .time,
        sensitivity: .administrative,
        note: "for the backlog of reports not yet entered"
    )

    /// Submitted at (提出日時).
    public static let submittedAt = Item(
        "submitted_at",
        .management,
        "提出日時",
        "Submitted at",
        .time,
        sensitivity: .administrative
    )

    /// Confirmed by the health centre at (保健所確認日時).
    public static let confirmedAt = Item(
        "confirmed_at",
        .management,
        "保健所確認日時",
        "Confirmed by the health centre at",
        .time,
        sensitivity: .administrative,
        note: "counts from here"
    )
}

extension Item where Content == Int {
    /// Prefecture's case number (都道府県症例番号).
    public static let caseNumberPrefecture = Item(
        "case_number_prefecture",
        .management,
        "都道府県症例番号",
        "Prefecture's case number",
        .integer,
        sensitivity: .administrative,
        range: 1...9_999_999,
        note: "never reused; a withdrawn number stays as 欠番"
    )

    /// Municipality's case number (市区町村症例番号).
    public static let caseNumberMunicipality = Item(
        "case_number_municipality",
        .management,
        "市区町村症例番号",
        "Municipality's case number",
        .integer,
        sensitivity: .administrative,
        range: 1...9_999_999,
        note: "never reused"
    )
}
