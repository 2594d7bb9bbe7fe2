public import Hummingbird

/// The whole of what is served: pages and the API.
public enum WebApplication {
    /// Every address with who may ask it.
    static let routes: [Route] = [
        SignInPages.routes, AccountPages.routes, HomePage.routes, CaseListPage.routes, EventPages.routes,
        OutboxPages.routes, HealthPages.routes, PlacePages.routes, Assets.routes, NotificationPages.routes,
        CasePages.routes, SelfReportPages.routes, SelfReportLinkPages.routes, PrintPages.routes, FaxPages.routes,
        ScanPages.routes, CaseListColumnsPage.routes, CaseListSavedPage.routes, CaseListSelectionPage.routes,
        CaseListBulkPage.routes, CaseListFile.routes, KeyPages.routes, DeletionPages.routes, NoticePages.routes,
        TransferPages.routes, GrantPages.routes, GrantDefaultPages.routes, OpeningPages.routes, ReadingPages.routes,
        TotalsPages.routes, PlacementPages.routes, BedsPages.routes, CaredForPages.routes, LocalItemPages.routes,
        AdminPages.routes, MetricsPage.routes, ClientPages.routes, SessionPages.routes, UnfinishedFormPages.routes,
        ConnectionTestPages.routes, ReadinessPages.routes, OpeningAdminPages.routes,
        SecondFactorPages.routes, RecoveryPages.routes, PasskeyPages.routes, SecondFactorResetPages.routes,
        Confirmation.routes, ManualPages.routes,
        API.routes, ProviderRoutes.routes, LeafletPages.routes, APIGuide.routes,
    ].flatMap { $0 }

    /// A router over a site.
    ///
    /// - Parameters:
    ///   - site: what every address needs.
    ///   - admission: how many requests are worked on at once.
    /// - Returns: the router with everything that stands before it.
    public static func router(_ site: Site, admission: Admission = Admission()) -> Router<WebContext> {
        site.metrics.admission = admission
        let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestLog(metrics: site.metrics))
        router.add(middleware: SecurityHeaders())
        router.add(middleware: AdmissionGate(admission, site: site, routes: routes))
        router.add(middleware: ErrorAnswers(site: site))
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await route.handle(request, context, site)
            }
        }
        return router
    }
}
