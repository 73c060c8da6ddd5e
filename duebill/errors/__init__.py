"""Every error that Duebill raises on purpose.

```
DuebillError
├── AmountError
│   ├── AmountNotPlain          a float, NaN, an exponent, separators
│   ├── AmountNegative
│   ├── AmountTooPrecise        more than six decimals
│   ├── AmountTooLarge
│   ├── CurrencyCodeInvalid
│   └── CurrencyMismatch        two currencies met
├── IdError
│   ├── BadId
│   ├── NotFound
│   └── Ambiguous               the first characters fit several ids
├── BadAddress, BadHash, BadKey, BadTerms, BadTime, DueDateMissing
├── SecretsDiffer               the consortium of an invoice registry announced others
├── BatchRefused                rows of a batch that cannot be carried out
├── IdentifierError
│   ├── UnknownScheme           it says not of which scheme it is, or of an unknown one
│   └── BadIdentifier
│       ├── IdentifierLengthWrong
│       └── CheckDigitWrong     a character is mistyped
├── RotationRefused             an address that does not take another's place
├── EndInPast                   a verification or a freeze that would be over already
├── NothingToAnnounce           an act whose role has no delay
├── BatchRefused                invoices that cannot be registered
├── SponsorshipError
│   ├── BudgetExceeded          of a party, with its sponsor
│   ├── BroughtByAnother        another account has brought it already
│   ├── NotSponsored            a sponsor pays for verified parties only
│   ├── NotDelegated            an account lacks the code that carries out what it signs
│   ├── DelegationNotTaken
│   └── IntentNotTaken          the account gave up the code while the intent was on its way
├── ReplayError
│   ├── BadHistory              every row that is wrong
│   ├── DatesAmbiguous          day and month could be either
│   └── NothingToReckon
├── SecretsMissing              an invoice was asked for without them
├── SecretsFileRefused          the file that holds them
├── UsesMissing                 a programme requires invoices: what to type
├── AttestedTooLittle           a programme asks for attestations first: what to type
├── TableProblem                a table of operations
│   ├── TableUnreadable
│   ├── ColumnsWrong
│   ├── BadTable                its rows are wrong
│   └── BatchDiffers            it was begun with other rows
├── ExtraMissing                an optional part is not installed
├── PricingError
│   ├── BadRate                 not a whole millionth, negative, too high, none at all
│   ├── BadTenor                negative, too long, or no time where some is needed
│   └── BadPrice                more than the value, or a part of something else
├── DocumentError
│   ├── BadDocument             a link, an empty file, a name twice, too much
│   ├── DocumentUnknown
│   ├── DocumentsDiffer         not those that the root commits to
│   ├── BadProof                something in it was changed, or it is for other documents
│   ├── BadEncryptionKey
│   ├── ReaderWithoutKey
│   ├── IdentityRefused         no such file, or others can read it
│   ├── StoreRefused
│   ├── DocumentsUnreadable
│   └── GateForeign             what it asks is not known
├── OrderProblem
│   ├── CashMissing             who would buy has too little money
│   └── CashNotAllowed          or has not allowed the exchange to take it
├── ChainError
│   ├── NodeUnavailable
│   ├── NodeRefused             an error of the node's own
│   ├── NodeAnswerInvalid       an answer that cannot be right
│   ├── ChainMismatch           the node is on another chain
│   ├── HistoryInconsistent     events contradict each other
│   ├── ReorgTooDeep            more left the chain than a cursor knows
│   ├── NodeBehind              a block that the journal knows is missing
│   ├── FeeAboveLimit           the chain asks for more than may be paid
│   └── TransactionError
│       ├── NotSent             a dry run has no hash
│       ├── StillUnsigned       it was prepared, and not signed yet
│       ├── SubmissionUncertain the connection broke while it was sent
│       ├── TransactionDropped  another one used its nonce
│       ├── TransactionTimeout
│       ├── TransactionFailed   without effect, for a reason that is not known
│       └── AllowanceRefused
├── JournalError
│   ├── JournalUnusable         corrupt, read-only, full, of another version
│   ├── BadReference
│   ├── NotPrepared             nothing has to be signed elsewhere
│   ├── ReferenceTaken          it stands for something else
│   ├── ReferenceUnknown
│   └── ReferenceUnsettled      what was signed for it may still get in
├── SignerError
│   ├── KeystoreError
│   │   ├── KeystoreUnreadable
│   │   ├── KeystoreExposed     others can read the file
│   │   ├── KeystoreWeak        a key derivation that can be guessed
│   │   ├── KeystoreExists
│   │   └── WrongPassword
│   ├── PasswordTooShort
│   ├── BadPrivateKey
│   ├── SignerMismatch
│   ├── SignedDiffers           another transaction than the one that was to be signed
│   ├── WalletHasNoKey          a contract wallet whose owner was not named
│   ├── WalletUnsupported       it takes no batches of calls
│   ├── SigningDeclined
│   ├── NotTheObligor
│   ├── BadAcceptance
│   ├── AcceptanceForeign
│   ├── BadSignedTerms          no signed order, aval or loan
│   ├── SignedForElsewhere
│   ├── SignerNotNamed
│   ├── SignerCannotDelegate    EIP-7702
│   ├── DeadlineOver
│   ├── BadSignerName
│   ├── KeyUnsuitable           no such key, or none that can sign for an account
│   ├── SignerUnavailable       what keeps the key does not answer
│   │   └── SignerThrottled
│   ├── SignerRefused           it does not let the key be used
│   ├── SignerAnswerInvalid     not a signature of what was asked
│   ├── TransactionUnsupported
│   ├── KeyElsewhere            only its address is known here
│   ├── BadPrepared             no prepared transaction
│   ├── CallUnreadable          what it does cannot be said
│   ├── TooLargeForCode         it does not fit into one QR code
│   ├── BadApproval
│   ├── BadPolicy               of approvals
│   └── ApprovalsMissing        others have to approve it first
├── RevertError                 a contract refused
│   ├── ContractError           one class for each custom error of each contract
│   │   ├── LedgerRefusal        the ledger's own rules
│   │   │       AcceptancePeriodOver, AdvancesOutstanding, AlreadyIssued, AmountIsZero,
│   │   │       AmountNotExpressible, BelowSmallestVoucher, CallerNotEntitled,
│   │   │       ConsentMissing, CurrencyClosed, CurrencyInvalid, CurrencyIsOffChain,
│   │   │       CurrencyNotAdmitted, CurrencyUnknown, DefaultAlreadyDeclared,
│   │   │       DueDateInPast, HopLimitReached, LedgerIsPaused, LedgerNotPaused,
│   │   │       NotPayingAgent, NothingOwed, NothingToClaim, NothingToReimburse,
│   │   │       ObligorInDefault, ObligorIsCreditor, ObligorLimitExceeded, PartyIsFrozen,
│   │   │       PartyIsZero, PartyNotVerified, PauseOutOfRange, PauseTooSoon,
│   │   │       PaymentNotExact, ProgrammeClosed, ProgrammeInvalid, ProgrammeUnknown,
│   │   │       SignatureExpired, SignatureInvalid, SplitLimitReached, TenorTooLong,
│   │   │       WrongStatus
│   │   ├── ExchangeRefusal      the exchange's rules
│   │   │       AlreadyOffered, AmountExceedsVoucher, DueDayNotAdmitted, FeeInvalid,
│   │   │       FillOutOfRange, FloorLowered, NoRecourse, NotHolder, NotInScope,
│   │   │       ObligorHasNoRecourse, OfferExpired, OfferNotOpen, OfferToGiver, OrderClosed,
│   │   │       OrderExpired, OrderInvalid, OrderSignatureInvalid, PriceIsZero,
│   │   │       PriceWorseThanLimit, RateTooHigh, TakerNotAdmitted, VoucherClaimedOn
│   │   ├── GuaranteeRefusal     the guarantee book's rules
│   │   │       AvalExpired, AvalInvalid, AvalSignatureExpired, AvalSignatureInvalid, AvalUnknown,
│   │   │       AvalUsed, DishonourStands, MarginStillNeeded, NotCovered, NothingToCall,
│   │   │       NothingToRelease
│   │   ├── PledgeRefusal        the pledge book's rules
│   │   │       LoanInvalid, LoanNotIn, LoanSignatureExpired, LoanSignatureInvalid, NotInDefault,
│   │   │       NothingKept, PledgeMissing, PledgeTooSmall
│   │   ├── RegistryRefusal      the invoice registry's rules
│   │   │       EpochTooEarly, InvoiceDiffers, InvoiceExceeded, InvoiceInvalid, InvoiceIsVoid,
│   │   │       KeyTaken, NotItsRegistrant, NotRegistered, NotRegistrant, NothingUsed,
│   │   │       ReceivableIsOver, ReceivableStands, RegistrantInvalid, UseIsZero
│   │   ├── DocumentRefusal      the document book's rules
│   │   │       AttestationExpired, AttestationInvalid, AttestationNonceWrong,
│   │   │       AttestationSignatureInvalid, ReceivableNotIssued, RootAlreadyAppended, RootIsZero
│   │   ├── GateRefusal          the rules of a programme's gate
│   │   │       AttestationsMissing, FaceAboveLimit, FaceStillCounts, GateRulesInvalid,
│   │   │       InvoicesMissing, IssuesEnded, LimitNeedsCurrency, NotItsLedger, ObligorOverdue,
│   │   │       PruneFirst, TotalLimitExceeded
│   │   ├── AccountRefusal       the rules of a sponsored account
│   │   │       IntentEmpty, IntentExpired, IntentNonceUsed, IntentSignatureInvalid
│   │   ├── CashRefusal          what they have in common
│   │   │       GasTooLow, LedgerWithoutCode
│   │   ├── VoucherRefusal       the rules of vouchers as tokens
│   │   │       ClaimNotDivisible,
│   │   │       ERC721IncorrectOwner, ERC721InsufficientApproval, ERC721InvalidApprover,
│   │   │       ERC721InvalidOperator, ERC721InvalidOwner, ERC721InvalidReceiver,
│   │   │       ERC721InvalidSender, ERC721NonexistentToken, ERC7943CannotReceive,
│   │   │       ERC7943CannotSend, ERC7943CannotTransfer,
│   │   │       ERC7943InsufficientUnfrozenBalance, HopsWouldRise, InsufficientAllowance,
│   │   │       InsufficientValue, NotSameReceivable, NothingToMerge, PartsOutOfRange,
│   │   │       SameVoucher, ValueRefused
│   │   ├── AccessRefusal        roles and their delays
│   │   │       AccessManagedInvalidAuthority, AccessManagedRequiredDelay,
│   │   │       AccessManagedUnauthorized, AccessManagerAlreadyScheduled,
│   │   │       AccessManagerBadConfirmation, AccessManagerExpired,
│   │   │       AccessManagerInvalidInitialAdmin, AccessManagerLockedFunction,
│   │   │       AccessManagerLockedRole, AccessManagerNotReady, AccessManagerNotScheduled,
│   │   │       AccessManagerUnauthorizedAccount, AccessManagerUnauthorizedCall,
│   │   │       AccessManagerUnauthorizedCancel, AccessManagerUnauthorizedConsume
│   │   ├── TokenRefusal         a currency's token
│   │   │       ERC20InsufficientAllowance, ERC20InsufficientBalance,
│   │   │       ERC20InvalidApprover, ERC20InvalidReceiver, ERC20InvalidSender,
│   │   │       ERC20InvalidSpender, ERC2612ExpiredSignature, ERC2612InvalidSigner,
│   │   │       InvalidAccountNonce, SafeERC20FailedOperation
│   │   └── LibraryRefusal       checks of the contracts' library
│   │           AddressEmptyCode, ECDSAInvalidSignature, ECDSAInvalidSignatureLength,
│   │           ECDSAInvalidSignatureS, FailedCall, InsufficientBalance,
│   │           InvalidShortString, OfficeWithoutCode, ReentrancyGuardReentrantCall,
│   │           SafeCastOverflowedUintDowncast, StringTooLong,
│   │           StringsInsufficientHexLength
│   ├── RevertedWithReason      a foreign contract's words
│   ├── Panicked
│   └── UnknownRevert
├── NodeError
│   ├── NodeNotInstalled        no anvil anywhere
│   ├── NodeNotStarted
│   ├── NodeAlreadyRunning
│   ├── ForeignProcess          the pid file's process is another one by now
│   └── NodeNotStopped
├── DeploymentError
│   ├── UnreadablePlan
│   ├── BadPlan                 every problem with its key
│   ├── NoDeployer              the deterministic deployer is not on the chain
│   ├── DeploymentDiffers       the chain says otherwise than the plan
│   ├── DeployerPowerless       only an admin can add what is missing
│   ├── CodeDiffers             other code than the artifact's
│   ├── NoAddressBook
│   ├── NotDeployed             a contract beside the ledger
│   └── BadAddressBook
├── CommandError
│   ├── AccountError
│   │   ├── NoAccount           a command that signs was given none
│   │   ├── AccountUnknown
│   │   ├── AccountNameInvalid
│   │   ├── AccountExists
│   │   ├── LocalAccountElsewhere
│   │   ├── PasswordMissing     nobody to ask
│   │   └── PasswordFileRefused
│   ├── NodeNotNamed            no node was given, none is running here
│   ├── NotConfirmed            the answer was no
│   ├── FileRefused
│   ├── FileNotWritten
│   ├── ProgrammeNotNamed
│   ├── PartNotPlain
│   ├── InvariantsBroken        the chain does not keep a promise
│   └── TooSmallToShare
├── WatchError
│   ├── BadCursor
│   ├── CursorForeign           of another ledger
│   ├── RuleUnknown
│   ├── RuleFailed              an error of a rule's own
│   ├── BadThreshold
│   ├── BadRules                a file of rules or thresholds
│   ├── BadRecord               a file of alerts
│   └── BadKeptEvents           a file of events
└── InvoiceError
    ├── UnreadableInvoice       missing, a folder, a pipe, no permission
    ├── NotAnInvoice            another XML, another standard, a PDF with nothing attached
    ├── RulesNotRun             the rules of EN 16931 came to no result
    ├── EncryptedPdf
    ├── RepeatedInvoice         the same invoice twice in what is imported
    ├── InvoiceWithoutKey       nothing tells it from others everywhere
    │   ├── SellerNotIdentified
    │   └── IssuedInFuture
    ├── HostileInvoice
    │   ├── ForbiddenXml        document type, entities, inclusions
    │   └── InvoiceTooLarge     bytes, depth, elements, length of a field
    ├── MalformedInvoice
    │   ├── NotWellFormed       the XML is broken
    │   ├── BadEncoding         unknown, contradictory or broken encoding
    │   ├── BrokenPdf
    │   ├── BrokenList          a list that cannot be taken apart into rows
    │   ├── BadRow              a row of a list that does not fit under its heads
    │   ├── MissingField        a mandatory field is absent
    │   ├── RepeatedField       two values where the standard allows one
    │   ├── MixedContent        elements inside a field that is text
    │   └── BadField
    │       ├── BadAmount
    │       ├── BadDate
    │       └── BadCurrency
    └── NotPayable
        ├── CreditNote
        ├── ProFormaInvoice
        ├── VoidInvoice         marked void or reversed in a list
        └── NothingToPay        zero or less is due
```

Each carries the fields of its case, a `message` that says what was wrong and a `hint` that says
what to do; `str()` gives both.
"""

from __future__ import annotations

from duebill.errors._base import DuebillError
from duebill.errors._bulk import (
    BadTable,
    BatchDiffers,
    ColumnsWrong,
    TableProblem,
    TableUnreadable,
)
from duebill.errors._client import (
    AcceptanceForeign,
    AllowanceRefused,
    BadAcceptance,
    BadKey,
    BadPrivateKey,
    ChainError,
    ChainMismatch,
    DeadlineOver,
    DueDateMissing,
    HistoryInconsistent,
    KeystoreError,
    KeystoreExists,
    KeystoreExposed,
    KeystoreUnreadable,
    KeystoreWeak,
    NodeAnswerInvalid,
    NodeRefused,
    NodeUnavailable,
    NotSent,
    NotTheObligor,
    PasswordTooShort,
    SignerError,
    SignerMismatch,
    SigningDeclined,
    StillUnsigned,
    SubmissionUncertain,
    TransactionDropped,
    TransactionError,
    TransactionFailed,
    TransactionTimeout,
    WrongPassword,
)
from duebill.errors._command import (
    AccountError,
    AccountExists,
    AccountNameInvalid,
    AccountUnknown,
    CommandError,
    FileNotWritten,
    FileRefused,
    InvariantsBroken,
    LocalAccountElsewhere,
    NoAccount,
    NodeNotNamed,
    NotConfirmed,
    PartNotPlain,
    PasswordFileRefused,
    PasswordMissing,
    ProgrammeNotNamed,
    TooSmallToShare,
)
from duebill.errors._contract import (
    AcceptancePeriodOver,
    AccessManagedInvalidAuthority,
    AccessManagedRequiredDelay,
    AccessManagedUnauthorized,
    AccessManagerAlreadyScheduled,
    AccessManagerBadConfirmation,
    AccessManagerExpired,
    AccessManagerInvalidInitialAdmin,
    AccessManagerLockedFunction,
    AccessManagerLockedRole,
    AccessManagerNotReady,
    AccessManagerNotScheduled,
    AccessManagerUnauthorizedAccount,
    AccessManagerUnauthorizedCall,
    AccessManagerUnauthorizedCancel,
    AccessManagerUnauthorizedConsume,
    AccessRefusal,
    AddressEmptyCode,
    AdvancesOutstanding,
    AlreadyIssued,
    AmountIsZero,
    AmountNotExpressible,
    BelowSmallestVoucher,
    CallerNotEntitled,
    ClaimNotDivisible,
    ConsentMissing,
    ContractError,
    CurrencyClosed,
    CurrencyInvalid,
    CurrencyIsOffChain,
    CurrencyNotAdmitted,
    CurrencyUnknown,
    DefaultAlreadyDeclared,
    DueDateInPast,
    ECDSAInvalidSignature,
    ECDSAInvalidSignatureLength,
    ECDSAInvalidSignatureS,
    ERC20InsufficientAllowance,
    ERC20InsufficientBalance,
    ERC20InvalidApprover,
    ERC20InvalidReceiver,
    ERC20InvalidSender,
    ERC20InvalidSpender,
    ERC721IncorrectOwner,
    ERC721InsufficientApproval,
    ERC721InvalidApprover,
    ERC721InvalidOperator,
    ERC721InvalidOwner,
    ERC721InvalidReceiver,
    ERC721InvalidSender,
    ERC721NonexistentToken,
    ERC2612ExpiredSignature,
    ERC2612InvalidSigner,
    ERC7943CannotReceive,
    ERC7943CannotSend,
    ERC7943CannotTransfer,
    ERC7943InsufficientUnfrozenBalance,
    FailedCall,
    HopLimitReached,
    HopsWouldRise,
    InsufficientAllowance,
    InsufficientBalance,
    InsufficientValue,
    InvalidAccountNonce,
    InvalidShortString,
    LedgerIsPaused,
    LedgerNotPaused,
    LedgerRefusal,
    LibraryRefusal,
    NothingOwed,
    NothingToClaim,
    NothingToMerge,
    NothingToReimburse,
    NotPayingAgent,
    NotSameReceivable,
    ObligorInDefault,
    ObligorIsCreditor,
    ObligorLimitExceeded,
    OfficeWithoutCode,
    Panicked,
    PartsOutOfRange,
    PartyIsFrozen,
    PartyIsZero,
    PartyNotVerified,
    PauseOutOfRange,
    PauseTooSoon,
    PaymentNotExact,
    ProgrammeClosed,
    ProgrammeInvalid,
    ProgrammeUnknown,
    ReentrancyGuardReentrantCall,
    RevertedWithReason,
    RevertError,
    SafeCastOverflowedUintDowncast,
    SafeERC20FailedOperation,
    SameVoucher,
    SignatureExpired,
    SignatureInvalid,
    SplitLimitReached,
    StringsInsufficientHexLength,
    StringTooLong,
    TenorTooLong,
    TokenRefusal,
    UnknownRevert,
    ValueRefused,
    VoucherRefusal,
    WrongStatus,
)
from duebill.errors._deployment import (
    BadAddressBook,
    BadPlan,
    CodeDiffers,
    DeployerPowerless,
    DeploymentDiffers,
    DeploymentError,
    NoAddressBook,
    NoDeployer,
    NotDeployed,
    UnreadablePlan,
)
from duebill.errors._document_book import (
    AttestationExpired,
    AttestationInvalid,
    AttestationNonceWrong,
    AttestationSignatureInvalid,
    DocumentRefusal,
    ReceivableNotIssued,
    RootAlreadyAppended,
    RootIsZero,
)
from duebill.errors._documents import (
    BadDocument,
    BadEncryptionKey,
    BadProof,
    DocumentError,
    DocumentsDiffer,
    DocumentsUnreadable,
    DocumentUnknown,
    GateForeign,
    IdentityRefused,
    ReaderWithoutKey,
    StoreRefused,
)
from duebill.errors._extra import ExtraMissing
from duebill.errors._finance import (
    AlreadyOffered,
    AmountExceedsVoucher,
    AvalExpired,
    AvalInvalid,
    AvalSignatureExpired,
    AvalSignatureInvalid,
    AvalUnknown,
    AvalUsed,
    CashRefusal,
    DishonourStands,
    DueDayNotAdmitted,
    ExchangeRefusal,
    FeeInvalid,
    FillOutOfRange,
    FloorLowered,
    GasTooLow,
    GuaranteeRefusal,
    LedgerWithoutCode,
    LoanInvalid,
    LoanNotIn,
    LoanSignatureExpired,
    LoanSignatureInvalid,
    MarginStillNeeded,
    NoRecourse,
    NotCovered,
    NothingKept,
    NothingToCall,
    NothingToRelease,
    NotHolder,
    NotInDefault,
    NotInScope,
    ObligorHasNoRecourse,
    OfferExpired,
    OfferNotOpen,
    OfferToGiver,
    OrderClosed,
    OrderExpired,
    OrderInvalid,
    OrderSignatureInvalid,
    PledgeMissing,
    PledgeRefusal,
    PledgeTooSmall,
    PriceIsZero,
    PriceWorseThanLimit,
    RateTooHigh,
    TakerNotAdmitted,
    VoucherClaimedOn,
)
from duebill.errors._gate import (
    AttestationsMissing,
    FaceAboveLimit,
    FaceStillCounts,
    GateRefusal,
    GateRulesInvalid,
    InvoicesMissing,
    IssuesEnded,
    LimitNeedsCurrency,
    NotItsLedger,
    ObligorOverdue,
    PruneFirst,
    TotalLimitExceeded,
)
from duebill.errors._invoice import (
    BadAmount,
    BadCurrency,
    BadDate,
    BadEncoding,
    BadField,
    BadRow,
    BrokenList,
    BrokenPdf,
    CreditNote,
    EncryptedPdf,
    ForbiddenXml,
    HostileInvoice,
    InvoiceError,
    InvoiceTooLarge,
    MalformedInvoice,
    MissingField,
    MixedContent,
    NotAnInvoice,
    NothingToPay,
    NotPayable,
    NotWellFormed,
    ProFormaInvoice,
    RepeatedField,
    RepeatedInvoice,
    RulesNotRun,
    UnreadableInvoice,
    VoidInvoice,
)
from duebill.errors._journal import (
    BadReference,
    FeeAboveLimit,
    JournalError,
    JournalUnusable,
    NodeBehind,
    NotPrepared,
    ReferenceTaken,
    ReferenceUnknown,
    ReferenceUnsettled,
    SignedDiffers,
)
from duebill.errors._node import (
    ForeignProcess,
    NodeAlreadyRunning,
    NodeError,
    NodeNotInstalled,
    NodeNotStarted,
    NodeNotStopped,
)
from duebill.errors._office import EndInPast, NothingToAnnounce
from duebill.errors._party import (
    BadIdentifier,
    CheckDigitWrong,
    IdentifierError,
    IdentifierLengthWrong,
    RotationRefused,
    UnknownScheme,
)
from duebill.errors._programme import (
    AttestedTooLittle,
    SecretsFileRefused,
    SecretsMissing,
    UsesMissing,
)
from duebill.errors._registry import (
    BatchRefused,
    EpochTooEarly,
    InvoiceDiffers,
    InvoiceExceeded,
    InvoiceInvalid,
    InvoiceIsVoid,
    InvoiceWithoutKey,
    IssuedInFuture,
    KeyTaken,
    NothingUsed,
    NotItsRegistrant,
    NotRegistered,
    NotRegistrant,
    ReceivableIsOver,
    ReceivableStands,
    RegistrantInvalid,
    RegistryRefusal,
    SecretsDiffer,
    SellerNotIdentified,
    UseIsZero,
)
from duebill.errors._replay import (
    BadHistory,
    DatesAmbiguous,
    NothingToReckon,
    ReplayError,
)
from duebill.errors._signed import (
    BadSignedTerms,
    SignedForElsewhere,
    SignerNotNamed,
)
from duebill.errors._signers import (
    ApprovalsMissing,
    BadApproval,
    BadPolicy,
    BadPrepared,
    BadSignerName,
    CallUnreadable,
    KeyElsewhere,
    KeyUnsuitable,
    SignerAnswerInvalid,
    SignerRefused,
    SignerThrottled,
    SignerUnavailable,
    TooLargeForCode,
    TransactionUnsupported,
)
from duebill.errors._sponsorship import (
    AccountRefusal,
    BroughtByAnother,
    BudgetExceeded,
    DelegationNotTaken,
    IntentEmpty,
    IntentExpired,
    IntentNonceUsed,
    IntentNotTaken,
    IntentSignatureInvalid,
    NotDelegated,
    NotSponsored,
    SignerCannotDelegate,
    SponsorshipError,
)
from duebill.errors._trade import CashMissing, CashNotAllowed, OrderProblem
from duebill.errors._value import (
    Ambiguous,
    AmountError,
    AmountNegative,
    AmountNotPlain,
    AmountTooLarge,
    AmountTooPrecise,
    BadAddress,
    BadHash,
    BadId,
    BadPrice,
    BadRate,
    BadTenor,
    BadTerms,
    BadTime,
    CurrencyCodeInvalid,
    CurrencyMismatch,
    IdError,
    NotFound,
    PricingError,
)
from duebill.errors._wallet import WalletHasNoKey, WalletUnsupported
from duebill.errors._watch import (
    BadCursor,
    BadKeptEvents,
    BadRecord,
    BadRules,
    BadThreshold,
    CursorForeign,
    ReorgTooDeep,
    RuleFailed,
    RuleUnknown,
    WatchError,
)

__all__ = [
    "AcceptanceForeign",
    "AcceptancePeriodOver",
    "AccessManagedInvalidAuthority",
    "AccessManagedRequiredDelay",
    "AccessManagedUnauthorized",
    "AccessManagerAlreadyScheduled",
    "AccessManagerBadConfirmation",
    "AccessManagerExpired",
    "AccessManagerInvalidInitialAdmin",
    "AccessManagerLockedFunction",
    "AccessManagerLockedRole",
    "AccessManagerNotReady",
    "AccessManagerNotScheduled",
    "AccessManagerUnauthorizedAccount",
    "AccessManagerUnauthorizedCall",
    "AccessManagerUnauthorizedCancel",
    "AccessManagerUnauthorizedConsume",
    "AccessRefusal",
    "AccountError",
    "AccountExists",
    "AccountNameInvalid",
    "AccountRefusal",
    "AccountUnknown",
    "AddressEmptyCode",
    "AdvancesOutstanding",
    "AllowanceRefused",
    "AlreadyIssued",
    "AlreadyOffered",
    "Ambiguous",
    "AmountError",
    "AmountExceedsVoucher",
    "AmountIsZero",
    "AmountNegative",
    "AmountNotExpressible",
    "AmountNotPlain",
    "AmountTooLarge",
    "AmountTooPrecise",
    "ApprovalsMissing",
    "AttestationExpired",
    "AttestationInvalid",
    "AttestationNonceWrong",
    "AttestationSignatureInvalid",
    "AttestationsMissing",
    "AttestedTooLittle",
    "AvalExpired",
    "AvalInvalid",
    "AvalSignatureExpired",
    "AvalSignatureInvalid",
    "AvalUnknown",
    "AvalUsed",
    "BadAcceptance",
    "BadAddress",
    "BadAddressBook",
    "BadAmount",
    "BadApproval",
    "BadCurrency",
    "BadCursor",
    "BadDate",
    "BadDocument",
    "BadEncoding",
    "BadEncryptionKey",
    "BadField",
    "BadHash",
    "BadHistory",
    "BadId",
    "BadIdentifier",
    "BadKeptEvents",
    "BadKey",
    "BadPlan",
    "BadPolicy",
    "BadPrepared",
    "BadPrice",
    "BadPrivateKey",
    "BadProof",
    "BadRate",
    "BadRecord",
    "BadReference",
    "BadRow",
    "BadRules",
    "BadSignedTerms",
    "BadSignerName",
    "BadTable",
    "BadTenor",
    "BadTerms",
    "BadThreshold",
    "BadTime",
    "BatchDiffers",
    "BatchRefused",
    "BelowSmallestVoucher",
    "BrokenList",
    "BrokenPdf",
    "BroughtByAnother",
    "BudgetExceeded",
    "CallUnreadable",
    "CallerNotEntitled",
    "CashMissing",
    "CashNotAllowed",
    "CashRefusal",
    "ChainError",
    "ChainMismatch",
    "CheckDigitWrong",
    "ClaimNotDivisible",
    "CodeDiffers",
    "ColumnsWrong",
    "CommandError",
    "ConsentMissing",
    "ContractError",
    "CreditNote",
    "CurrencyClosed",
    "CurrencyCodeInvalid",
    "CurrencyInvalid",
    "CurrencyIsOffChain",
    "CurrencyMismatch",
    "CurrencyNotAdmitted",
    "CurrencyUnknown",
    "CursorForeign",
    "DatesAmbiguous",
    "DeadlineOver",
    "DefaultAlreadyDeclared",
    "DelegationNotTaken",
    "DeployerPowerless",
    "DeploymentDiffers",
    "DeploymentError",
    "DishonourStands",
    "DocumentError",
    "DocumentRefusal",
    "DocumentUnknown",
    "DocumentsDiffer",
    "DocumentsUnreadable",
    "DueDateInPast",
    "DueDateMissing",
    "DueDayNotAdmitted",
    "DuebillError",
    "ECDSAInvalidSignature",
    "ECDSAInvalidSignatureLength",
    "ECDSAInvalidSignatureS",
    "ERC20InsufficientAllowance",
    "ERC20InsufficientBalance",
    "ERC20InvalidApprover",
    "ERC20InvalidReceiver",
    "ERC20InvalidSender",
    "ERC20InvalidSpender",
    "ERC721IncorrectOwner",
    "ERC721InsufficientApproval",
    "ERC721InvalidApprover",
    "ERC721InvalidOperator",
    "ERC721InvalidOwner",
    "ERC721InvalidReceiver",
    "ERC721InvalidSender",
    "ERC721NonexistentToken",
    "ERC2612ExpiredSignature",
    "ERC2612InvalidSigner",
    "ERC7943CannotReceive",
    "ERC7943CannotSend",
    "ERC7943CannotTransfer",
    "ERC7943InsufficientUnfrozenBalance",
    "EncryptedPdf",
    "EndInPast",
    "EpochTooEarly",
    "ExchangeRefusal",
    "ExtraMissing",
    "FaceAboveLimit",
    "FaceStillCounts",
    "FailedCall",
    "FeeAboveLimit",
    "FeeInvalid",
    "FileNotWritten",
    "FileRefused",
    "FillOutOfRange",
    "FloorLowered",
    "ForbiddenXml",
    "ForeignProcess",
    "GasTooLow",
    "GateForeign",
    "GateRefusal",
    "GateRulesInvalid",
    "GuaranteeRefusal",
    "HistoryInconsistent",
    "HopLimitReached",
    "HopsWouldRise",
    "HostileInvoice",
    "IdError",
    "IdentifierError",
    "IdentifierLengthWrong",
    "IdentityRefused",
    "InsufficientAllowance",
    "InsufficientBalance",
    "InsufficientValue",
    "IntentEmpty",
    "IntentExpired",
    "IntentNonceUsed",
    "IntentNotTaken",
    "IntentSignatureInvalid",
    "InvalidAccountNonce",
    "InvalidShortString",
    "InvariantsBroken",
    "InvoiceDiffers",
    "InvoiceError",
    "InvoiceExceeded",
    "InvoiceInvalid",
    "InvoiceIsVoid",
    "InvoiceTooLarge",
    "InvoiceWithoutKey",
    "InvoicesMissing",
    "IssuedInFuture",
    "IssuesEnded",
    "JournalError",
    "JournalUnusable",
    "KeyElsewhere",
    "KeyTaken",
    "KeyUnsuitable",
    "KeystoreError",
    "KeystoreExists",
    "KeystoreExposed",
    "KeystoreUnreadable",
    "KeystoreWeak",
    "LedgerIsPaused",
    "LedgerNotPaused",
    "LedgerRefusal",
    "LedgerWithoutCode",
    "LibraryRefusal",
    "LimitNeedsCurrency",
    "LoanInvalid",
    "LoanNotIn",
    "LoanSignatureExpired",
    "LoanSignatureInvalid",
    "LocalAccountElsewhere",
    "MalformedInvoice",
    "MarginStillNeeded",
    "MissingField",
    "MixedContent",
    "NoAccount",
    "NoAddressBook",
    "NoDeployer",
    "NoRecourse",
    "NodeAlreadyRunning",
    "NodeAnswerInvalid",
    "NodeBehind",
    "NodeError",
    "NodeNotInstalled",
    "NodeNotNamed",
    "NodeNotStarted",
    "NodeNotStopped",
    "NodeRefused",
    "NodeUnavailable",
    "NotAnInvoice",
    "NotConfirmed",
    "NotCovered",
    "NotDelegated",
    "NotDeployed",
    "NotFound",
    "NotHolder",
    "NotInDefault",
    "NotInScope",
    "NotItsLedger",
    "NotItsRegistrant",
    "NotPayable",
    "NotPayingAgent",
    "NotPrepared",
    "NotRegistered",
    "NotRegistrant",
    "NotSameReceivable",
    "NotSent",
    "NotSponsored",
    "NotTheObligor",
    "NotWellFormed",
    "NothingKept",
    "NothingOwed",
    "NothingToAnnounce",
    "NothingToCall",
    "NothingToClaim",
    "NothingToMerge",
    "NothingToPay",
    "NothingToReckon",
    "NothingToReimburse",
    "NothingToRelease",
    "NothingUsed",
    "ObligorHasNoRecourse",
    "ObligorInDefault",
    "ObligorIsCreditor",
    "ObligorLimitExceeded",
    "ObligorOverdue",
    "OfferExpired",
    "OfferNotOpen",
    "OfferToGiver",
    "OfficeWithoutCode",
    "OrderClosed",
    "OrderExpired",
    "OrderInvalid",
    "OrderProblem",
    "OrderSignatureInvalid",
    "Panicked",
    "PartNotPlain",
    "PartsOutOfRange",
    "PartyIsFrozen",
    "PartyIsZero",
    "PartyNotVerified",
    "PasswordFileRefused",
    "PasswordMissing",
    "PasswordTooShort",
    "PauseOutOfRange",
    "PauseTooSoon",
    "PaymentNotExact",
    "PledgeMissing",
    "PledgeRefusal",
    "PledgeTooSmall",
    "PriceIsZero",
    "PriceWorseThanLimit",
    "PricingError",
    "ProFormaInvoice",
    "ProgrammeClosed",
    "ProgrammeInvalid",
    "ProgrammeNotNamed",
    "ProgrammeUnknown",
    "PruneFirst",
    "RateTooHigh",
    "ReaderWithoutKey",
    "ReceivableIsOver",
    "ReceivableNotIssued",
    "ReceivableStands",
    "ReentrancyGuardReentrantCall",
    "ReferenceTaken",
    "ReferenceUnknown",
    "ReferenceUnsettled",
    "RegistrantInvalid",
    "RegistryRefusal",
    "ReorgTooDeep",
    "RepeatedField",
    "RepeatedInvoice",
    "ReplayError",
    "RevertError",
    "RevertedWithReason",
    "RootAlreadyAppended",
    "RootIsZero",
    "RotationRefused",
    "RuleFailed",
    "RuleUnknown",
    "RulesNotRun",
    "SafeCastOverflowedUintDowncast",
    "SafeERC20FailedOperation",
    "SameVoucher",
    "SecretsDiffer",
    "SecretsFileRefused",
    "SecretsMissing",
    "SellerNotIdentified",
    "SignatureExpired",
    "SignatureInvalid",
    "SignedDiffers",
    "SignedForElsewhere",
    "SignerAnswerInvalid",
    "SignerCannotDelegate",
    "SignerError",
    "SignerMismatch",
    "SignerNotNamed",
    "SignerRefused",
    "SignerThrottled",
    "SignerUnavailable",
    "SigningDeclined",
    "SplitLimitReached",
    "SponsorshipError",
    "StillUnsigned",
    "StoreRefused",
    "StringTooLong",
    "StringsInsufficientHexLength",
    "SubmissionUncertain",
    "TableProblem",
    "TableUnreadable",
    "TakerNotAdmitted",
    "TenorTooLong",
    "TokenRefusal",
    "TooLargeForCode",
    "TooSmallToShare",
    "TotalLimitExceeded",
    "TransactionDropped",
    "TransactionError",
    "TransactionFailed",
    "TransactionTimeout",
    "TransactionUnsupported",
    "UnknownRevert",
    "UnknownScheme",
    "UnreadableInvoice",
    "UnreadablePlan",
    "UseIsZero",
    "UsesMissing",
    "ValueRefused",
    "VoidInvoice",
    "VoucherClaimedOn",
    "VoucherRefusal",
    "WalletHasNoKey",
    "WalletUnsupported",
    "WatchError",
    "WrongPassword",
    "WrongStatus",
]
