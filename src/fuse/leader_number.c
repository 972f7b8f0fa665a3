/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many leaders several clients get. */
#include "leader_number.h"

unsigned ovl_leader_number_tick(struct ovl_leader_number *number, unsigned n_asleep)
{
	number->awake = n_asleep > 0 ? 0 : number->awake + 1;
	if (n_asleep > 0 || number->awake >= OVL_LEADERS_STAY_TICKS)
		number->n = number->n_processors + n_asleep;
	return number->n;
}
