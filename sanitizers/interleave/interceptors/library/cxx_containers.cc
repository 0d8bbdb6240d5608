// The parts of standard containers that are in libstdc++.so, which is not instrumented: the links of lists, the
// balancing of trees, hashing. The accessed nodes are derived from the operation.

#include "sanitizers/interleave/interceptors/library/accesses.h"

namespace racelab::interleave {
namespace {

struct ListNode {
  ListNode* next;
  ListNode* previous;
};

struct TreeNode {
  int colour;
  TreeNode* parent;
  TreeNode* left;
  TreeNode* right;
};

template <typename T>
void ReadsOne(const T& object, const void* pc) {
  Reads(&object, sizeof(T), pc);
}
template <typename T>
void WritesOne(const T& object, const void* pc) {
  Writes(&object, sizeof(T), pc);
}

// The reads of an iterator on its way to the next node on the side `ahead`.
void Walks(const TreeNode* node, TreeNode* TreeNode::* ahead, TreeNode* TreeNode::* behind, const void* pc) {
  if (!Noted()) return;
  ReadsOne(node->*ahead, pc);
  if (node->*ahead != nullptr) {
    for (node = node->*ahead; node != nullptr; node = node->*behind) ReadsOne(node->*behind, pc);
    return;
  }
  for (;;) {
    ReadsOne(node->parent, pc);
    const TreeNode* parent = node->parent;
    ReadsOne(parent->*ahead, pc);
    if (parent->*ahead != node || parent->parent == node) return;
    node = parent;
  }
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

// std::__detail::_List_node_base
RACELAB_STAND_IN(void, _ZNSt8__detail15_List_node_base7_M_hookEPS0_, (ListNode * node, ListNode* before)) {
  if (Noted()) {
    WritesOne(*node, RACELAB_CALLER);
    ReadsOne(before->previous, RACELAB_CALLER);
    WritesOne(before->previous->next, RACELAB_CALLER);
    WritesOne(before->previous, RACELAB_CALLER);
  }
  RACELAB_LIBRARYS(_ZNSt8__detail15_List_node_base7_M_hookEPS0_)(node, before);
}
RACELAB_STAND_IN(void, _ZNSt8__detail15_List_node_base9_M_unhookEv, (ListNode * node)) {
  if (Noted()) {
    ReadsOne(*node, RACELAB_CALLER);
    WritesOne(node->previous->next, RACELAB_CALLER);
    WritesOne(node->next->previous, RACELAB_CALLER);
  }
  RACELAB_LIBRARYS(_ZNSt8__detail15_List_node_base9_M_unhookEv)(node);
}
RACELAB_STAND_IN(void, _ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_,
                 (ListNode * before, ListNode* first, ListNode* last)) {
  if (Noted() && before != last) {
    for (ListNode* node : {before, first, last}) {
      ReadsOne(node->previous, RACELAB_CALLER);
      WritesOne(node->previous->next, RACELAB_CALLER);
      WritesOne(node->previous, RACELAB_CALLER);
    }
  }
  RACELAB_LIBRARYS(_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_)(before, first, last);
}
RACELAB_STAND_IN(void, _ZNSt8__detail15_List_node_base4swapERS0_S1_, (ListNode * a, ListNode* b)) {
  if (Noted()) {
    for (ListNode* node : {a, b}) {
      WritesOne(*node, RACELAB_CALLER);
      WritesOne(node->previous->next, RACELAB_CALLER);
      WritesOne(node->next->previous, RACELAB_CALLER);
    }
  }
  RACELAB_LIBRARYS(_ZNSt8__detail15_List_node_base4swapERS0_S1_)(a, b);
}
RACELAB_STAND_IN(void, _ZNSt8__detail15_List_node_base10_M_reverseEv, (ListNode * list)) {
  if (Noted()) {
    const ListNode* node = list;
    do {
      WritesOne(*node, RACELAB_CALLER);
      node = node->next;
    } while (node != list);
  }
  RACELAB_LIBRARYS(_ZNSt8__detail15_List_node_base10_M_reverseEv)(list);
}

// std::_Rb_tree_increment() and _Rb_tree_decrement(), for constant and other nodes.
#define RACELAB_TREE_WALK(name, constant, ahead, behind)                   \
  RACELAB_STAND_IN(constant TreeNode*, name, (constant TreeNode * node)) { \
    Walks(node, &TreeNode::ahead, &TreeNode::behind, RACELAB_CALLER);      \
    return RACELAB_LIBRARYS(name)(node);                                   \
  }
RACELAB_TREE_WALK(_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base, , right, left)
RACELAB_TREE_WALK(_ZSt18_Rb_tree_incrementPKSt18_Rb_tree_node_base, const, right, left)
RACELAB_TREE_WALK(_ZSt18_Rb_tree_decrementPSt18_Rb_tree_node_base, , left, right)
RACELAB_TREE_WALK(_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base, const, left, right)

// The extent of the balancing is not computed. Instead, the header counts as written each time, which makes all changes
// of a tree conflict.
RACELAB_STAND_IN(void, _ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_,
                 (bool left, TreeNode* node, TreeNode* parent, TreeNode* header)) {
  WritesOne(*node, RACELAB_CALLER);
  WritesOne(left ? parent->left : parent->right, RACELAB_CALLER);
  WritesOne(*header, RACELAB_CALLER);
  RACELAB_LIBRARYS(_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_)(left, node, parent, header);
}
RACELAB_STAND_IN(TreeNode*, _ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_,
                 (TreeNode * node, TreeNode* header)) {
  if (Noted()) {
    WritesOne(*node, RACELAB_CALLER);
    for (TreeNode* child : {node->left, node->right}) {
      if (child != nullptr) WritesOne(child->parent, RACELAB_CALLER);
    }
    const TreeNode* parent = node->parent;
    if (parent != header) WritesOne(parent->left == node ? parent->left : parent->right, RACELAB_CALLER);
    WritesOne(*header, RACELAB_CALLER);
  }
  return RACELAB_LIBRARYS(_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_)(node, header);
}

// For unordered containers: std::_Hash_bytes(), and the functions that choose the table's size, which store it in the
// policy.
RACELAB_STAND_IN(std::size_t, _ZSt11_Hash_bytesPKvmm, (const void* bytes, std::size_t size, std::size_t seed)) {
  Reads(bytes, size, RACELAB_CALLER);
  return RACELAB_LIBRARYS(_ZSt11_Hash_bytesPKvmm)(bytes, size, seed);
}
RACELAB_STAND_IN(std::size_t, _ZNKSt8__detail20_Prime_rehash_policy11_M_next_bktEm,
                 (const std::size_t* policy, std::size_t buckets)) {
  Writes(policy + 1, sizeof *policy, RACELAB_CALLER);
  return RACELAB_LIBRARYS(_ZNKSt8__detail20_Prime_rehash_policy11_M_next_bktEm)(policy, buckets);
}
namespace racelab::interleave {
struct Rehash {
  bool needed;
  std::size_t buckets;
};
}  // namespace racelab::interleave
RACELAB_STAND_IN(Rehash, _ZNKSt8__detail20_Prime_rehash_policy14_M_need_rehashEmmm,
                 (const std::size_t* policy, std::size_t buckets, std::size_t elements, std::size_t more)) {
  Reads(policy + 1, sizeof *policy, RACELAB_CALLER);
  return RACELAB_LIBRARYS(_ZNKSt8__detail20_Prime_rehash_policy14_M_need_rehashEmmm)(policy, buckets, elements, more);
}

// std::pmr::unsynchronized_pool_resource: its first own member stands for all.
RACELAB_STAND_IN(void*, _ZNSt3pmr28unsynchronized_pool_resource11do_allocateEmm,
                 (void** pool, std::size_t bytes, std::size_t alignment)) {
  Writes(pool + 1, sizeof *pool, RACELAB_CALLER);
  return RACELAB_LIBRARYS(_ZNSt3pmr28unsynchronized_pool_resource11do_allocateEmm)(pool, bytes, alignment);
}
RACELAB_STAND_IN(void, _ZNSt3pmr28unsynchronized_pool_resource13do_deallocateEPvmm,
                 (void** pool, void* block, std::size_t bytes, std::size_t alignment)) {
  Writes(pool + 1, sizeof *pool, RACELAB_CALLER);
  RACELAB_LIBRARYS(_ZNSt3pmr28unsynchronized_pool_resource13do_deallocateEPvmm)(pool, block, bytes, alignment);
}
