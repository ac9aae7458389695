/// The problem codes of the API: the one table behind the answers, `GET /problems/<code>` and the document.
package enum ProblemCode: String, Sendable, CaseIterable {
    case malformedJSON = "malformed_json"
    case malformedRequest = "malformed_request"
    case invalidParameter = "invalid_parameter"
    case unauthenticated
    case invalidCredentials = "invalid_credentials"
    case tokenExpired = "token_expired"
    case passwordChangeRequired = "password_change_required"
    case forbidden
    case insufficientScope = "insufficient_scope"
    case fourEyes = "four_eyes"
    case notFound = "not_found"
    case noSuchRoute = "no_such_route"
    case methodNotAllowed = "method_not_allowed"
    case notAcceptable = "not_acceptable"
    case requestTimeout = "request_timeout"
    case transitionRefused = "transition_refused"
    case conflict
    case idempotencyInFlight = "idempotency_in_flight"
    case stale
    case tooLarge = "too_large"
    case quotaExceeded = "quota_exceeded"
    case targetTooLong = "target_too_long"
    case unsupportedMediaType = "unsupported_media_type"
    case rangeNotSatisfiable = "range_not_satisfiable"
    case expectationFailed = "expectation_failed"
    case invalid
    case idempotencyReused = "idempotency_reused"
    case preconditionRequired = "precondition_required"
    case rateLimited = "rate_limited"
    case headersTooLarge = "headers_too_large"
    case `internal` = "internal"
    case methodNotImplemented = "method_not_implemented"
    case unavailable
    case versionNotSupported = "version_not_supported"

    package var status: Int {
        switch self {
        case .malformedJSON, .malformedRequest, .invalidParameter: 400
        case .unauthenticated, .invalidCredentials, .tokenExpired: 401
        case .passwordChangeRequired, .forbidden, .insufficientScope, .fourEyes: 403
        case .notFound, .noSuchRoute: 404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .requestTimeout: 408
        case .transitionRefused, .conflict, .idempotencyInFlight: 409
        case .stale: 412
        case .tooLarge, .quotaExceeded: 413
        case .targetTooLong: 414
        case .unsupportedMediaType: 415
        case .rangeNotSatisfiable: 416
        case .expectationFailed: 417
        case .invalid, .idempotencyReused: 422
        case .preconditionRequired: 428
        case .rateLimited: 429
        case .headersTooLarge: 431
        case .internal: 500
        case .methodNotImplemented: 501
        case .unavailable: 503
        case .versionNotSupported: 505
        }
    }

    /// What the problem is called, the same on every occurrence.
    package func title(in language: Language) -> String {
        let (id, en) = titles
        return language == .english ? en : id
    }

    /// The general explanation, used as `detail` where an occurrence has none of its own.
    package func explanation(in language: Language) -> String {
        let (id, en) = explanations
        return language == .english ? en : id
    }

    private var titles: (id: String, en: String) {
        switch self {
        case .malformedJSON: ("JSON tidak sah", "Malformed JSON")
        case .malformedRequest: ("Permintaan tidak sah", "Malformed request")
        case .invalidParameter: ("Parameter tidak sah", "Invalid parameter")
        case .unauthenticated: ("Belum masuk", "Not signed in")
        case .invalidCredentials: ("Nama pengguna atau kata sandi salah", "Wrong username or password")
        case .tokenExpired: ("Token kedaluwarsa", "Token expired")
        case .passwordChangeRequired: ("Kata sandi harus diganti", "Password change required")
        case .forbidden: ("Tidak diizinkan", "Forbidden")
        case .insufficientScope: ("Cakupan token tidak cukup", "Insufficient scope")
        case .fourEyes: ("Harus diperiksa orang lain", "Another person must do this")
        case .notFound: ("Tidak ditemukan", "Not found")
        case .noSuchRoute: ("Alamat tidak dikenal", "No such route")
        case .methodNotAllowed: ("Metode tidak diizinkan", "Method not allowed")
        case .notAcceptable: ("Format tidak tersedia", "Not acceptable")
        case .requestTimeout: ("Permintaan terlalu lama", "Request timeout")
        case .transitionRefused: ("Langkah ditolak", "Transition refused")
        case .conflict: ("Sudah ada", "Conflict")
        case .idempotencyInFlight: ("Permintaan sama masih berjalan", "Same request still running")
        case .stale: ("Data sudah berubah", "Stale version")
        case .tooLarge: ("Isi terlalu besar", "Content too large")
        case .quotaExceeded: ("Kuota terlampaui", "Quota exceeded")
        case .targetTooLong: ("Alamat terlalu panjang", "URI too long")
        case .unsupportedMediaType: ("Jenis isi tidak didukung", "Unsupported media type")
        case .rangeNotSatisfiable: ("Rentang di luar isi", "Range not satisfiable")
        case .expectationFailed: ("Harapan tidak dipenuhi", "Expectation failed")
        case .invalid: ("Isian tidak sah", "Invalid fields")
        case .idempotencyReused: ("Kunci idempotensi dipakai ulang", "Idempotency key reused")
        case .preconditionRequired: ("Perlu If-Match", "Precondition required")
        case .rateLimited: ("Terlalu banyak permintaan", "Too many requests")
        case .headersTooLarge: ("Header terlalu besar", "Header fields too large")
        case .internal: ("Kesalahan dalam", "Internal error")
        case .methodNotImplemented: ("Metode tidak dikenal", "Method not implemented")
        case .unavailable: ("Layanan tidak tersedia", "Service unavailable")
        case .versionNotSupported: ("Versi HTTP tidak didukung", "HTTP version not supported")
        }
    }

    private var explanations: (id: String, en: String) {
        switch self {
        case .malformedJSON:
            ("Isi permintaan bukan JSON yang sah atau melampaui batas.", "The body is not well-formed JSON or is beyond its limits.")
        case .malformedRequest: ("Permintaan melanggar tata tulis HTTP.", "The request breaks the syntax of HTTP.")
        case .invalidParameter: ("Satu atau lebih parameter tidak sah.", "One or more parameters are not valid.")
        case .unauthenticated:
            ("Sertakan token yang sah pada header Authorization.", "Send a valid token in the Authorization header.")
        case .invalidCredentials:
            ("Periksa nama pengguna dan kata sandi, lalu coba lagi.", "Check the username and the password, then try again.")
        case .tokenExpired: ("Masuk lagi untuk memperoleh token baru.", "Sign in again for a new token.")
        case .passwordChangeRequired:
            ("Ganti kata sandi sekali pakai sebelum melanjutkan.", "Change the one-time password before you go on.")
        case .forbidden: ("Peran Anda tidak mengizinkan tindakan ini.", "Your roles do not allow this.")
        case .insufficientScope: ("Token ini tidak mencakup tindakan ini.", "This token's scopes do not cover this.")
        case .fourEyes:
            (
                "Satu orang tidak boleh berada di kedua sisi satu pemeriksaan.",
                "Nobody may act on both sides of one gate."
            )
        case .notFound: ("Objek itu tidak ada atau tidak dapat Anda lihat.", "There is no such object, or you may not see it.")
        case .noSuchRoute: ("Lihat /openapi.yaml untuk semua alamat.", "See /openapi.yaml for all routes.")
        case .methodNotAllowed: ("Header Allow menyebut metode yang diizinkan.", "The Allow header names the methods.")
        case .notAcceptable: ("Tidak ada format yang diminta header Accept.", "There is no format that the Accept header asks for.")
        case .requestTimeout: ("Permintaan tidak selesai dikirim pada waktunya.", "The request was not sent in time.")
        case .transitionRefused: ("Keadaan kasus tidak mengizinkan langkah ini.", "The state of the case does not allow this event.")
        case .conflict: ("Nilai itu sudah dipakai.", "Another object already has this value.")
        case .idempotencyInFlight:
            ("Permintaan pertama dengan kunci ini belum selesai.", "The first request with this key has not ended.")
        case .stale: ("Objek berubah sejak Anda baca. Baca lagi.", "The object changed since you read it. Read it again.")
        case .tooLarge: ("Isi permintaan melampaui batas ukuran.", "The content is larger than the limit.")
        case .quotaExceeded: ("Lampiran melampaui kuota.", "The attachments would be larger than their quota.")
        case .targetTooLong: ("Alamat permintaan paling panjang 8 KiB.", "The request target is 8 KiB at most.")
        case .unsupportedMediaType: ("Isi ini bukan jenis yang diterima.", "The content is of no type that is accepted here.")
        case .rangeNotSatisfiable:
            ("Content-Range menyebut ukuran isi.", "Content-Range tells the size of the content.")
        case .expectationFailed: ("Hanya Expect: 100-continue yang didukung.", "Only Expect: 100-continue is supported.")
        case .invalid: ("Perbaiki isian yang disebut di errors.", "Correct the fields that errors names.")
        case .idempotencyReused:
            ("Kunci ini sudah dipakai untuk permintaan lain.", "This key was used for another request.")
        case .preconditionRequired: ("Sertakan If-Match dengan ETag terakhir.", "Send If-Match with the last ETag.")
        case .rateLimited: ("Tunggu sesuai Retry-After.", "Wait as Retry-After says.")
        case .headersTooLarge:
            ("Header paling besar 16 KiB dan 64 isian.", "Header fields are 16 KiB and 64 in number at most.")
        case .internal: ("Kesalahan telah dicatat. Sebutkan request_id.", "The fault was logged. Quote the request_id.")
        case .methodNotImplemented: ("Metode ini tidak dikenal layanan.", "The service does not know this method.")
        case .unavailable: ("Coba lagi sesuai Retry-After.", "Try again as Retry-After says.")
        case .versionNotSupported: ("Gunakan HTTP/1.1.", "Use HTTP/1.1.")
        }
    }
}
