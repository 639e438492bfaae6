#include "investigate/owners_exam.h"

#include <math.h>

#include "base/text.h"

enum { GROUPS_LEAST = 30, OWNERS_LEAST = 2, OWNER_GROUPS_LEAST = 10, SALT_SAMPLE = 9 };
static const double sure = 0.9, wilson = 1.96, effective_least = 30;

/* The hidden resources, each under both schemes, as many as are needed to learn: a sample by their ids where there are more. */
static Trial *make_trials(Arena *arena, const Tally *tally, size_t *count) {
    const OwnersBill *bill = tally->clues->bill;
    const Masks *masks = tally->masks;
    const double share = bill->tagged_count > OWNERS_TRIALS ? (double)OWNERS_TRIALS / (double)bill->tagged_count : 1;
    Trial *trials = arena_array(arena, bill->tagged_count * SCHEMES + 1, sizeof *trials);
    size_t *sizes = arena_array(arena, bill->resource_count + 1, sizeof *sizes);
    for (size_t r = 0; r < bill->resource_count; r++) sizes[masks->families[r]]++;
    *count = 0;
    for (size_t r = 0; r < bill->resource_count; r++) {
        if (bill->resources[r].owner == OWNER_NONE) continue;
        if (share < 1 && owners_hash_share(bill->resources[r].id, SALT_SAMPLE) >= share) continue;
        const double weight = 1 / sqrt((double)sizes[masks->families[r]]);
        for (int scheme = 0; scheme < SCHEMES; scheme++)
            trials[(*count)++] =
                (Trial){.lineup.resource = r,
                        .truth = bill->resources[r].owner,
                        .mask = scheme * FOLDS + masks->folds[r][scheme],
                        .fold = masks->folds[r][SCHEME_WHOLE],
                        .weight = weight * (scheme == SCHEME_WHOLE ? masks->whole_share : 1 - masks->whole_share)};
    }
    return trials;
}

static void find_suspects(Arena *arena, const Tally *tally, Trial *trials, size_t count) {
    SuspectReader *reader = owners_suspects_reader(arena, tally);
    for (size_t i = 0; i < count; i++)
        owners_suspects_find(arena, reader, trials[i].lineup.resource, trials[i].mask, &trials[i].lineup);
}

static bool is_supported(Arena *arena, const Tally *tally, OwnersExam *exam) {
    const Masks *masks = tally->masks;
    size_t owners = 0;
    for (size_t k = 0; k < tally->owner_count; k++) owners += masks->owner_groups[k] >= OWNER_GROUPS_LEAST;
    if (masks->group_count < GROUPS_LEAST)
        exam->why_not = arena_printf(
            arena, "the tagged resources come from %zu launches, and fewer than %d teach nothing that can be checked",
            masks->group_count, GROUPS_LEAST);
    else if (owners < OWNERS_LEAST)
        exam->why_not = arena_printf(arena, "%s with at least %d launches of their own, and it takes %d to tell owners apart",
                                     owners ? "there is one owner" : "there is no owner", OWNER_GROUPS_LEAST, OWNERS_LEAST);
    else if (exam->effective_trials < effective_least)
        exam->why_not = "the tagged resources are too unlike the untagged ones to say how often a guess is right";
    return !exam->why_not;
}

/* Scores of the likeliest owner by weights learned without the trial's own fold. */
static Outcome *judge_trials(Arena *arena, const Trial *trials, size_t count, const Model *whole) {
    Outcome *outcomes = arena_array(arena, count + 1, sizeof *outcomes);
    double shares[SUSPECTS + 1];
    for (int fold = 0; fold < FOLDS; fold++) {
        Model model = {0};
        owners_model_learn(trials, count, fold, whole, &model);
        for (size_t i = 0; i < count; i++) {
            if (trials[i].fold != fold) continue;
            const Lineup *lineup = &trials[i].lineup;
            const size_t best = owners_model_judge(&model, lineup, shares);
            const bool any = best < lineup->suspect_count;
            outcomes[i] = (Outcome){.score = any ? shares[best] : 0,
                                    .weight = trials[i].weight,
                                    .right = any && lineup->suspects[best].owner == trials[i].truth,
                                    .tied = any && owners_model_has_tie(&model, &lineup->suspects[best]),
                                    .order = i};
        }
    }
    return outcomes;
}

/* What would have been said of each trial: calibrated without its fold. */
static double *calibrate_apart(Arena *arena, const Clues *clues, const Trial *trials, const Outcome *outcomes, size_t count) {
    double *said = arena_array(arena, count + 1, sizeof *said);
    Outcome *others = arena_array(arena, count + 1, sizeof *others);
    for (int fold = 0; fold < FOLDS; fold++) {
        Calibrations calibrations = {0};
        size_t kept = 0;
        for (size_t i = 0; i < count; i++)
            if (trials[i].fold != fold) others[kept++] = outcomes[i];
        owners_calibrate(arena, others, kept, &calibrations);
        for (size_t i = 0; i < count; i++) {
            if (trials[i].fold != fold) continue;
            said[i] = owners_calibrated(&calibrations, outcomes[i].score, outcomes[i].tied);
            if (!outcomes[i].tied) said[i] = owners_selected(said[i], clues->tagged_shares[trials[i].lineup.resource]);
        }
    }
    return said;
}

/* Wilson's lower bound of a share. */
static double lower_bound(double share, double count) {
    if (count <= 0) return 0;
    const double z = wilson * wilson / count;
    const double low = (share + z / 2 - wilson * sqrt((share * (1 - share) + z * count / (4 * count)) / count)) / (1 + z);
    return low > 0 ? low : 0;
}

static void fill_bins(const Outcome *outcomes, const double *said, size_t count, OwnersExam *exam) {
    double weights[RELIABILITY_BINS] = {0}, all = 0;
    exam->bin_count = RELIABILITY_BINS;
    for (size_t b = 0; b < RELIABILITY_BINS; b++)
        exam->bins[b] = (ReliabilityBin){.from = (double)b / RELIABILITY_BINS, .to = (double)(b + 1) / RELIABILITY_BINS};
    for (size_t i = 0; i < count; i++) {
        size_t b = (size_t)(said[i] * RELIABILITY_BINS);
        if (b >= RELIABILITY_BINS) b = RELIABILITY_BINS - 1;
        ReliabilityBin *bin = &exam->bins[b];
        bin->count++;
        bin->said += said[i] * outcomes[i].weight;
        bin->right += outcomes[i].right ? outcomes[i].weight : 0;
        weights[b] += outcomes[i].weight;
        all += outcomes[i].weight;
    }
    for (size_t b = 0; b < RELIABILITY_BINS; b++) {
        if (weights[b] <= 0) continue;
        exam->ece += fabs(exam->bins[b].said - exam->bins[b].right) / all;
        exam->bins[b].said /= weights[b];
        exam->bins[b].right /= weights[b];
    }
}

static void fill_figures(const Outcome *outcomes, const double *said, size_t count, OwnersExam *exam) {
    double all = 0, right = 0, brier = 0, sure_weight = 0, sure_right = 0, squares = 0;
    for (size_t i = 0; i < count; i++) {
        const double weight = outcomes[i].weight, truth = outcomes[i].right ? 1 : 0;
        all += weight;
        right += weight * truth;
        brier += weight * (said[i] - truth) * (said[i] - truth);
        if (said[i] < sure) continue;
        sure_weight += weight;
        sure_right += weight * truth;
        squares += weight * weight;
    }
    if (all <= 0) return;
    exam->accuracy = right / all;
    exam->brier = brier / all;
    exam->coverage_at_90 = sure_weight / all;
    exam->precision_at_90 = sure_weight > 0 ? sure_right / sure_weight : NAN;
    exam->precision_low_at_90 = sure_weight > 0 ? lower_bound(exam->precision_at_90, sure_weight * sure_weight / squares) : 0;
    fill_bins(outcomes, said, count, exam);
}

typedef int Baseline(Arena *arena, const Tally *tally, size_t resource, int fold, double *share);

static void try_baseline(const Tally *tally, const Trial *trials, size_t count, Baseline *baseline, double *brier,
                         double *accuracy, double *precision) {
    double all = 0, right = 0, sum = 0, sure_weight = 0, sure_right = 0;
    Arena *scratch = arena_make();
    for (size_t i = 0; i < count; i++) {
        double share = 0;
        const int owner = baseline(scratch, tally, trials[i].lineup.resource, trials[i].mask, &share);
        const double truth = owner == trials[i].truth ? 1 : 0;
        all += trials[i].weight;
        right += trials[i].weight * truth;
        sum += trials[i].weight * (share - truth) * (share - truth);
        if (share < sure) continue;
        sure_weight += trials[i].weight;
        sure_right += trials[i].weight * truth;
    }
    arena_free(scratch);
    *brier = all > 0 ? sum / all : 0;
    *accuracy = all > 0 ? right / all : 0;
    *precision = sure_weight > 0 ? sure_right / sure_weight : NAN;
}

void owners_exam_hold(Arena *arena, const Tally *tally, const Lineup *untagged, size_t untagged_count, Learned *learned,
                      OwnersExam *exam) {
    size_t count = 0;
    Trial *trials = make_trials(arena, tally, &count);
    *exam =
        (OwnersExam){.trials = count / SCHEMES, .groups = tally->masks->group_count, .whole_share = tally->masks->whole_share};
    find_suspects(arena, tally, trials, count);
    exam->effective_trials = owners_likeness_weigh(tally->clues, trials, count, untagged, untagged_count);
    owners_pseudo_fit(arena, tally, trials, count, tally->clues->signals);
    find_suspects(arena, tally, trials, count);
    exam->supported = learned->supported = is_supported(arena, tally, exam);
    if (!learned->supported) {
        learned->model = owners_model_prior();
        return;
    }
    const Model prior = owners_model_prior();
    owners_model_learn(trials, count, FOLD_NONE, &prior, &learned->model);
    Outcome *outcomes = judge_trials(arena, trials, count, &learned->model);
    const double *said = calibrate_apart(arena, tally->clues, trials, outcomes, count);
    fill_figures(outcomes, said, count, exam);
    try_baseline(tally, trials, count, owners_baseline_account, &exam->account_brier, &exam->account_accuracy,
                 &exam->account_precision_at_90);
    try_baseline(tally, trials, count, owners_baseline_hour, &exam->hour_brier, &exam->hour_accuracy,
                 &exam->hour_precision_at_90);
    owners_calibrate(arena, outcomes, count, &learned->calibrations);
}
