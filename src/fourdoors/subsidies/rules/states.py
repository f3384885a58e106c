"""What becomes of a claim and of a payment list."""

from fourdoors.kernel.terms import Term


class ClaimState(Term):
    """Where a claim stands (申领状态)."""

    MADE = "made", "Made, not on notice yet", "已生成待公示"
    ON_NOTICE = "on_notice", "On public notice", "公示中"
    APPROVED = "approved", "Approved for payment", "审核通过"
    REFUSED = "refused", "Not granted", "未通过"
    IN_BATCH = "in_batch", "On a payment list", "已入发放清册"
    PAID = "paid", "Released for payment", "已发放"


class BatchState(Term):
    """Where a payment list stands (发放清册)."""

    MADE = "made", "Waits for release", "待复核"
    RELEASED = "released", "Released to the bank", "已复核发放"
    WITHDRAWN = "withdrawn", "List withdrawn", "已撤回"


class RefusalReason(Term):
    """Why an officer refuses a claim; each has words that say how to mend it."""

    PROOF_MISSING = "proof_missing", "A proof is missing", "缺少证明材料"
    PASSBOOK_WRONG = "passbook_wrong", "The account does not fit", "账户信息有误"
    NOT_AT_WORK = "not_at_work", "Telephone check: was not at work there", "电话核实未在该处务工"
    OBJECTION_UPHELD = "objection_upheld", "An objection was upheld", "异议成立"
    PAID_ELSEWHERE = "paid_elsewhere", "Paid already, here or elsewhere", "已在本县或外县享受"
    MERGED = "merged", "The record was merged into another", "重复档案已合并"
    WITHDRAWN = "withdrawn", "Withdrawn by the worker", "本人放弃"
