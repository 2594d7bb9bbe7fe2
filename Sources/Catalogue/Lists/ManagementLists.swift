extension CodeList {
    /// Present status (現在のステータス).
    public static let status = CodeList(
        "status",
        [
            .init("testing", "検査中", "Being tested"),
            .init("contact", "濃厚接触者", "Close contact"),
            .init("other_contact", "その他の接触者", "Other contact"),
            .init("arranging", "入院・療養調整中", "Being placed"),
            .init("hospital", "入院中", "In hospital"),
            .init("hospital_severe", "入院中（重症）", "In hospital (severe)"),
            .init("lodging", "宿泊療養中", "In a lodging facility"),
            .init("home", "自宅療養中", "At home"),
            .init("welfare_facility", "社会福祉施設療養中", "In a welfare facility"),
            .init("released", "療養解除・待機解除", "Released"),
            .init("died", "死亡", "Died"),
            .init("negative", "陰性・対象外", "Negative or not a case"),
            .init("unknown", "不明", "Unknown"),
        ]
    )

    /// How a report came (入力経路).
    public static let entryRoute = CodeList(
        "entry_route",
        [
            .init("direct", "医療機関が直接入力", "Entered by the medical institution"),
            .init("fax", "FAX（保健所が代行入力）", "FAX entered by the health centre"),
            .init("phone", "電話（保健所が代行入力）", "Telephone entered by the health centre"),
            .init("import_nesid", "NESID移行", "Migrated from NESID"),
            .init("import_file", "ファイル取込", "Imported from a file"),
            .init("api", "API連携", "Through the API"),
            .init("contact_tracing", "積極的疫学調査", "Contact tracing"),
        ]
    )
}
